import { writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { makeTestRepository, tinySafetensors } from '../harness/testRepository.ts';
import type { Workbench } from '../harness/workbench.ts';
import { temporaryFolder, workbenchTests } from '../harness/workbenchTests.ts';

let folder: string;
let workbench: Workbench;

workbenchTests(
  () => {
    const folder = makeTestRepository(temporaryFolder());
    writeFileSync(path.join(folder, 'models/net.weights'), '0.5 0.25\n');
    return folder;
  },
  async (opened) => {
    ({ folder, workbench } = opened);
    await workbench.showContainer('Modeltrail');
    await workbench.row('tiny.safetensors').waitFor();
    await workbench.showContainer('Explorer');
    await workbench.expand(workbench.row('models'));
  },
  { settings: { 'modeltrail.include': ['**/*.safetensors', '**/*.weights'] } },
);

it('knows a file of the globs in the settings for a model', async () => {
  const file = workbench.row('net.weights');
  await file.click();
  await workbench.page.locator('.part.statusbar').getByText('not recorded').waitFor();
  await file.click({ button: 'right' });
  await workbench.page.locator('.monaco-menu').getByRole('menuitem', { name: 'Modeltrail' }).hover();
  const item = workbench.page.getByRole('menuitem', { name: 'Record Version' });
  await item.waitFor();
  await expect.poll(() => item.count()).toBe(1);
  await workbench.page.keyboard.press('Escape');
  await workbench.page.keyboard.press('Escape');
});

it('tells in the status bar which version the open model is, and leads to its versions', async () => {
  await workbench.row('tiny.safetensors').click();
  const item = workbench.page.locator('.part.statusbar [id="modeltrail.modeltrail.modeltrail.version"]');
  await expect.poll(async () => (await item.textContent())?.trim()).toMatch(/^[0-9a-f]{7}$/);
  await item.click();
  await workbench.quickInput.pick('Choose a version of models/tiny.safetensors', 'First training run');
  await workbench
    .view('Models')
    .getByRole('treeitem', { name: /First training run/, selected: true })
    .waitFor();
});

it('marks the changed model in the explorer, and says so in the status bar', async () => {
  await workbench.showContainer('Explorer');
  await writeFile(path.join(folder, 'models/tiny.safetensors'), tinySafetensors([7]));
  const file = workbench.row('tiny.safetensors').getByLabel(/• Modeltrail: differs from every version/);
  await file.waitFor();
  await workbench.page
    .locator('.part.statusbar')
    .getByText(/changed since [0-9a-f]{7}/)
    .waitFor();
  await workbench.screenshot('surroundings');
  await expect.poll(() => file.count()).toBe(1);
});

it('offers its menu on a model file', async () => {
  await workbench.row('tiny.safetensors').click({ button: 'right' });
  const menu = workbench.page.locator('.monaco-menu');
  await menu.getByRole('menuitem', { name: 'Modeltrail' }).hover();
  await workbench.page.getByRole('menuitem', { name: 'Record Version' }).waitFor();
  await workbench.screenshot('fileMenu');
  await expect
    .poll(() => workbench.page.getByRole('menuitem', { name: 'Roll Back to Version' }).count())
    .toBe(1);
  await workbench.page.keyboard.press('Escape');
});
