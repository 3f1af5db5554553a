import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { extensionUnderTest } from '../harness/extensionUnderTest.ts';
import { makeTestRepository } from '../harness/testRepository.ts';
import { openWorkbench, type Workbench } from '../harness/workbench.ts';

let folder: string;
let workbench: Workbench;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mt-restricted-'));
  makeTestRepository(folder);
  workbench = await openWorkbench({ folder, workspaceTrust: true, ...extensionUnderTest() });
});

afterAll(async () => {
  await workbench?.close();
  await rm(folder, { recursive: true, force: true });
});

it('in Restricted Mode lists the models, and says what is not shown and cannot be done', async () => {
  await workbench.showContainer('Modeltrail');
  const models = workbench.view('Models');
  const row = models.getByRole('treeitem', { name: 'Model models/tiny.safetensors, no versions' });
  await row.waitFor();
  await models.getByText('Restricted Mode: versions in Git history do not show').waitFor();
  await workbench.expand(workbench.row('tiny.safetensors'));
  await models.getByRole('treeitem', { name: /^Working copy of/ }).waitFor();
  await workbench.screenshot('restricted');
  expect(await models.getByRole('treeitem', { name: /^Version/ }).count()).toBe(0);
});

it('shows the versions in Git history once the folder is trusted', async () => {
  await workbench.runCommand('Workspaces: Manage Workspace Trust');
  await workbench.page.getByRole('button', { name: 'Trust', exact: true }).first().click();
  const models = workbench.view('Models');
  await models.getByRole('treeitem', { name: /^Version .* Train for longer/ }).waitFor();
  await models.getByText('Restricted Mode').waitFor({ state: 'detached' });
});
