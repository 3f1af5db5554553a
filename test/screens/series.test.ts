import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import { makeTestRepository, tinySafetensors } from '../harness/testRepository.ts';
import type { Workbench } from '../harness/workbench.ts';
import { temporaryFolder, workbenchTests } from '../harness/workbenchTests.ts';

// The checkpoints of two trainings, beside a model; each test goes on where the last one ended.

const bert = path.join(import.meta.dirname, '../fixtures/directories/bert');
let workbench: Workbench;
let folder: string;

const writeEpoch = (epoch: number, value: number): void =>
  writeFileSync(path.join(folder, `runs/a/epoch_${epoch}.safetensors`), tinySafetensors([epoch, value]));

workbenchTests(
  () => {
    folder = makeTestRepository(temporaryFolder());
    mkdirSync(path.join(folder, 'runs/a'), { recursive: true });
    for (let epoch = 0; epoch < 300; epoch++) writeEpoch(epoch, 0);
    for (let step = 500; step <= 3000; step += 500)
      cpSync(bert, path.join(folder, `runs/b/checkpoint-${step}`), { recursive: true });
    const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, stdio: 'ignore' });
    git('add', '.');
    git('commit', '--message', 'Two runs');
    for (let epoch = 288; epoch < 300; epoch++) writeEpoch(epoch, 1);
    return folder;
  },
  async (opened) => {
    ({ workbench } = opened);
    await workbench.showContainer('Modeltrail');
  },
);

const item = (name: string | RegExp): Locator => workbench.view('Models').getByRole('treeitem', { name });
const epochs = (): Locator => item(/^Series runs\/a\/epoch_\{0…299\}\.safetensors, 300 models/).first();
const labels = (): Promise<string[]> =>
  workbench.view('Models').locator('.monaco-list-row .label-name').allInnerTexts();

it('are a row each, which says what there is and what changed', async () => {
  await expect
    .poll(() => epochs().getAttribute('aria-label'))
    .toMatch(/, 300 models, 12 changed, newest epoch_299, /);
  await item(/^Series runs\/b\/checkpoint-\{500…3000\}, 6 models, newest checkpoint-3000, /).waitFor();
  expect(await labels()).toEqual(['tiny.safetensors', 'epoch_{0…299}', 'checkpoint-{500…3000}']);
  await workbench.screenshots('series-1-rows');
});

it('are compared by the newest version of each model', async () => {
  await workbench.chooseFromContextMenu(item(/checkpoint-\{500…3000\}/).first(), 'Compare Versions');
  await workbench.webview().getByRole('heading', { name: '6 versions compared' }).waitFor();
});

it('have their models below them, which stay open while one of them changes', async () => {
  await workbench.expand(epochs());
  await workbench.expand(workbench.row('epoch_299.safetensors'));
  await item(/^Working copy of runs\/a\/epoch_299\.safetensors, changed/).waitFor();
  await workbench.screenshots('series-2-open');
  writeEpoch(298, 2);
  writeEpoch(287, 2);
  await expect.poll(() => epochs().getAttribute('aria-label')).toContain(', 13 changed, ');
  expect((await labels()).slice(1, 6)).toEqual([
    'epoch_{0…299}',
    'epoch_299.safetensors',
    'Working copy',
    expect.stringContaining('Two runs'),
    'epoch_298.safetensors',
  ]);
});

it('are recorded at once as far as they changed', async () => {
  await workbench.chooseFromContextMenu(epochs(), 'Record Version');
  await workbench.quickInput.type('Record a version of 13 models', 'resumed');
  await workbench.notification('Recorded 13 models.').first().waitFor();
  await expect.poll(() => epochs().getAttribute('aria-label')).toMatch(/^Series \S+, 300 models, newest /);
});

it('show what a filter leaves of them, opened, and are still where they were', async () => {
  await workbench.pressAction(workbench.view('Models'), 'Filter Versions...');
  await workbench.quickInput.type('Words that must all hold', 'resumed model:epoch_29');
  await item(/^Series runs\/a\/epoch_\{0…299\}\.safetensors, 10 of 300 models/)
    .first()
    .waitFor();
  await item(/^Version v1 of runs\/a\/epoch_299\.safetensors/)
    .first()
    .waitFor();
  expect((await labels()).slice(0, 2)).toEqual(['epoch_{0…299}', 'epoch_299.safetensors']);
  await workbench.screenshots('series-3-filter');
});
