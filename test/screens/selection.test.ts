import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { makeTestRepository, tinySafetensors } from '../harness/testRepository.ts';
import type { Workbench } from '../harness/workbench.ts';
import { temporaryFolder, workbenchTests } from '../harness/workbenchTests.ts';
import { rowOfModel, rowOfVersion } from './modelRows.ts';

let workbench: Workbench;

workbenchTests(
  () => {
    const folder = makeTestRepository(temporaryFolder());
    for (const [i, name] of ['alpha', 'beta'].entries())
      writeFileSync(path.join(folder, `${name}.safetensors`), tinySafetensors([i]));
    writeFileSync(path.join(folder, 'alpha.metrics.json'), '{"f1": 0.9}');
    mkdirSync(path.join(folder, 'runs'));
    for (const epoch of [1, 2, 3, 4, 5])
      writeFileSync(path.join(folder, `runs/epoch_${epoch}.safetensors`), tinySafetensors([epoch, 0]));
    return folder;
  },
  async (opened) => {
    ({ workbench } = opened);
    await workbench.showContainer('Modeltrail');
    await workbench.expand(workbench.row('tiny.safetensors'));
  },
);

/** What the context menu of a row offers. */
async function menuOf(...[row]: Parameters<Workbench['expand']>): Promise<string[]> {
  await row.click({ button: 'right' });
  const menu = workbench.page.locator('.monaco-menu');
  await menu.first().waitFor();
  const submenu = menu.getByRole('menuitem', { name: 'Modeltrail' });
  if ((await submenu.count()) > 0) {
    await submenu.hover();
    await workbench.page.getByRole('menuitem', { name: 'Record Version' }).waitFor();
  }
  return (await menu.last().locator('.action-label').allInnerTexts()).filter((label) => label !== '');
}

it('puts all versions that are selected in a stage, and offers nothing that would take one of them', async () => {
  const [first, second] = ['First training run', 'Train for longer'].map((text) =>
    rowOfVersion(workbench, text),
  );
  if (!first || !second) throw new Error('There are no versions.');
  // It opens beside, and the list keeps the focus.
  await first.click();
  await expect.poll(() => menuOf(first)).toContain('Roll Back to Version');
  await workbench.page.keyboard.press('Escape');
  await second.click({ modifiers: ['ControlOrMeta'] });
  await expect
    .poll(() => menuOf(second))
    .toEqual(['Copy Version ID', 'Diff Two Versions', 'Compare Versions', 'Set Stage']);
  await workbench.page.keyboard.press('Escape');
  await workbench.chooseFromContextMenu(second, 'Set Stage');
  await workbench.quickInput.pick(/these versions stand/, 'staging');
  for (const row of [first, second])
    await expect.poll(() => row.getAttribute('aria-label')).toContain('stage staging');
});

it('records all files that are selected in the explorer, and says so', async () => {
  await workbench.showContainer('Explorer');
  await workbench.row('alpha.safetensors').click();
  await workbench.row('beta.safetensors').click({ modifiers: ['ControlOrMeta'] });
  await expect.poll(() => menuOf(workbench.row('beta.safetensors'))).toEqual(['Record Version']);
  await workbench.page.getByRole('menuitem', { name: 'Record Version' }).click();
  await workbench.quickInput.type(/What did you try/, 'both');
  await workbench
    .notification('Recorded alpha.safetensors as v1 and beta.safetensors as v1, 1 with metrics.')
    .first()
    .waitFor();
});

it('records many models as one piece of work, with one progress and one outcome', async () => {
  await workbench.showContainer('Modeltrail');
  const epoch = (number: number) => rowOfModel(workbench, `epoch_${number}.safetensors`);
  await epoch(1).click();
  await epoch(5).click({ modifiers: ['Shift'] });
  await workbench.chooseFromContextMenu(epoch(5), 'Record Version');
  const seen = await progressSeen();
  await workbench.quickInput.type('Record a version of 5 models', 'whole run');
  await workbench.notification('Recorded 5 models. No metrics files were found.').first().waitFor();
  expect((await seen()).filter((title) => title !== 'Recording 5 models')).toEqual([]);
});

it('compares the newest version of each model that is selected', async () => {
  const epoch = (number: number) => rowOfModel(workbench, `epoch_${number}.safetensors`);
  const numbers = [2, 3, 4];
  // Of a row that is not known to have a version there is nothing to compare.
  for (const number of numbers)
    await expect.poll(() => epoch(number).getAttribute('aria-label')).toContain('one version');
  await epoch(2).click();
  for (const number of [3, 4]) await epoch(number).click({ modifiers: ['ControlOrMeta'] });
  for (const number of numbers)
    await expect.poll(() => epoch(number).getAttribute('aria-selected')).toBe('true');
  await workbench.chooseFromContextMenu(epoch(4), 'Compare Versions');
  const page = workbench.webview();
  await page.getByRole('heading', { name: '3 versions compared' }).waitFor();
  const compared = () => page.getByLabel('Baseline').locator('option').allInnerTexts();
  await expect
    .poll(async () => (await compared()).sort())
    .toEqual(numbers.map((number) => `epoch_${number}.safetensors v1`));
});

/** What was ever named as being recorded, however briefly. */
async function progressSeen(): Promise<() => Promise<readonly string[]>> {
  const seen = await workbench.page.evaluateHandle(() => {
    const titles = new Set<string>();
    new MutationObserver(() => {
      for (const toast of document.querySelectorAll<HTMLElement>('.notification-toast'))
        for (const [title] of toast.innerText.matchAll(/Recording [^:]+(?=:)/g)) titles.add(title);
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
    return titles;
  });
  return () => seen.evaluate((titles) => [...titles]);
}
