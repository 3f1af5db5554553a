import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Workbench } from '../harness/workbench.ts';
import { temporaryFolder, workbenchTests } from '../harness/workbenchTests.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';
import { rowOfModel, rowOfVersion } from './modelRows.ts';

// A Hugging Face model, from its row in the tree to the rollback; each test goes on where the last one ended.

const fixture = path.join(import.meta.dirname, '../fixtures/directories/bert');
let workspace: Workspace;
let target: string;
let workbench: Workbench;

const config = (): Record<string, unknown> =>
  JSON.parse(readFileSync(path.join(workspace.folder, 'models/bert/config.json'), 'utf8')) as Record<
    string,
    unknown
  >;
const modelRow = (): Locator => rowOfModel(workbench, 'bert');
const version = (name: string): Locator => rowOfVersion(workbench, name);

beforeAll(() => {
  target = temporaryFolder();
});
afterAll(() => rmSync(target, { recursive: true, force: true, maxRetries: 5 }));
workbenchTests(
  () => {
    workspace = makeWorkspace();
    cpSync(fixture, path.join(workspace.folder, 'models/bert'), { recursive: true });
    workspace.commit('A small BERT');
    return workspace.folder;
  },
  (opened) => ({ workbench } = opened),
);

it('is one row with its history, and none for the files in it', async () => {
  await workbench.showContainer('Modeltrail');
  await workbench.expand(modelRow());
  await version('A small BERT').waitFor();
  await workbench.row(/Working copy.*same as/).waitFor();
  await workbench.screenshots('directory-row');
  await expect.poll(() => workbench.view('Models').locator('.monaco-list-row').count()).toBe(3);
});

it('is seen to change with any of its files, and recorded', async () => {
  const { hidden_size: size } = config();
  const file = path.join(workspace.folder, 'models/bert/config.json');
  writeFileSync(file, JSON.stringify({ ...config(), hidden_size: Number(size) * 2 }));
  await workbench.row(/Working copy.*changed/).waitFor();
  await workbench.chooseFromContextMenu(modelRow(), 'Record Version');
  await workbench.quickInput.type(/What did you try/, 'Twice as wide');
  await workbench.notification(/Recorded bert as v1/).waitFor();
  await workbench.row(/Working copy.*same as v1/).waitFor();
  await expect.poll(() => version('Twice as wide').textContent()).toContain('v1');
});

it('is rolled back as one', async () => {
  await workbench.chooseFromContextMenu(version('A small BERT'), 'Roll Back to Version');
  await workbench.answerDialog(/models\/bert|bert/, /Roll Back/);
  await workbench.row(/Working copy.*same as [0-9a-f]{7}/).waitFor();
  const original = JSON.parse(readFileSync(path.join(fixture, 'config.json'), 'utf8')) as unknown;
  expect(config()).toEqual(original);
});

it('shows what is inside of it', async () => {
  await workbench.chooseFromContextMenu(modelRow(), 'Show Model');
  const page = workbench.webview();
  await page.getByText('Hugging Face model').first().waitFor();
  await page.getByText('word_embeddings.weight').first().waitFor();
  await workbench.screenshot('directory-inside');
  // The parameters of both shards.
  await expect.poll(() => page.getByText(/^1\.72K$/).count()).toBe(1);
});

it('has the menu of a model in the explorer', async () => {
  await workbench.showContainer('Explorer');
  await workbench.expand(workbench.row('models'));
  await workbench.row('bert').click({ button: 'right' });
  await workbench.page.locator('.monaco-menu').getByRole('menuitem', { name: 'Modeltrail' }).hover();
  const item = workbench.page.getByRole('menuitem', { name: 'Record Version' });
  await item.waitFor();
  await expect.poll(() => item.count()).toBe(1);
});
