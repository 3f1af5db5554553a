import { readdirSync, readFileSync, utimesSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { makeDemo } from '../../scripts/demo.ts';
import type { RecordedFact } from '../../src/core/facts.ts';
import type { Workbench } from '../harness/workbench.ts';
import { temporaryFolder, workbenchTests } from '../harness/workbenchTests.ts';
import { damageContent } from '../support/damage.ts';
import { rowOfModel, rowOfVersion } from './modelRows.ts';

// What a user sees of the space that versions take, on the demo, with the packaged extension.

let folder: string;
let workbench: Workbench;

const store = (): string => path.join(folder, '.git/modeltrail');
const modelRow = (name: string): Locator => rowOfModel(workbench, name);
const version = (name: string): Locator => rowOfVersion(workbench, new RegExp(`\\b${name}\\b`));
const rowOf = (text: string | RegExp): Locator =>
  workbench.quickInput.widget.locator('.monaco-list-row', { hasText: text }).first();

/** As if no program had relied on what is kept for two hours. */
function age(): void {
  const then = new Date(Date.now() - 7_200_000);
  const packs = path.join(store(), 'packs');
  for (const name of readdirSync(packs)) utimesSync(path.join(packs, name), then, then);
}

workbenchTests(
  async () => {
    folder = await makeDemo(temporaryFolder());
    age();
    return folder;
  },
  async (opened) => {
    workbench = opened.workbench;
    await workbench.showContainer('Modeltrail');
    await workbench.expand(modelRow('digits.safetensors'));
    await version('v12').waitFor();
    // Then all is looked at: a row that is listed anew would be forgotten by a menu that is open.
    await workbench.row(/Working copy.*changed/).waitFor();
  },
  // Packing would make packs that somebody may rely on for an hour.
  { settings: { 'modeltrail.store.packWhenIdle': false } },
);

describe('the space that versions take', () => {
  it('is given up for one version, whose row tells it', async () => {
    await workbench.chooseFromContextMenu(version('v9'), 'Forget Version');
    const question = /Give up the bytes of v9 of digits\.safetensors, to free/;
    await workbench.dialog(question).waitFor();
    await workbench.screenshots('space-1-forget');
    await workbench.answerDialog(question, 'Forget');
    await workbench.notification(/The bytes of v9 of digits\.safetensors were given up/).waitFor();
    await version('v9').filter({ hasText: 'bytes given up' }).waitFor();
    await workbench.screenshots('space-2-forgotten');
    await version('v9').click({ button: 'right' });
    const menu = workbench.page.locator('.monaco-menu');
    await menu.getByRole('menuitem', { name: 'Edit Note' }).waitFor();
    await expect
      .poll(() => menu.getByRole('menuitem', { name: /Forget Version|Roll Back|Save Version/ }).count())
      .toBe(0);
    await workbench.page.keyboard.press('Escape');
  });

  it('is freed by rules that can be changed, after a list of what goes and what stays', async () => {
    await workbench.runCommand('Modeltrail: Free Space...');
    await rowOf('The newest 10 of each model').hover();
    await workbench.screenshots('space-3-rules');
    await rowOf('The newest 10 of each model').getByRole('button', { name: 'Change the Number' }).click();
    await workbench.quickInput.type(/How many of the newest/, '2');
    await rowOf('The newest 2 of each model').waitFor();
    await rowOf('Those of the last 30 days').getByRole('checkbox').click();
    await workbench.quickInput.widget.getByRole('button', { name: 'OK' }).click();
    await rowOf(/Free \d.* [KM]B/).waitFor();
    await workbench.screenshots('space-4-list');
    await expect
      .poll(() => rowOf(/v12 of models\/digits\.safetensors/).textContent())
      .toMatch(/one of the newest/);
    await rowOf(/Free \d.* [KM]B/).click();
    const question = /Give up the bytes of \d+ versions, to free/;
    await workbench.dialog(question).waitFor();
    await workbench.screenshots('space-5-question');
    await workbench.answerDialog(question, 'Free Space');
    // Not that of the version that was forgotten before, which may be there still.
    await workbench.notification(/^(?![^]*given up)[^]*\d KB are free again/).waitFor();
    await workbench.screenshots('space-6-freed');
    await version('v12').waitFor();
    await expect.poll(() => version('v12').textContent()).not.toContain('bytes given up');
  });

  it('is verified: what is damaged is named in the Problems view, and can be repaired', async () => {
    const id = idOf(11);
    damageContent(store(), id);
    await workbench.runCommand('Modeltrail: Verify');
    await rowOf('All kept versions').waitFor();
    await workbench.screenshots('space-7-verify');
    await rowOf('All kept versions').click();
    await workbench.answerNotification(/not as they should be/, 'Show Problems');
    await workbench.page
      .locator('.part.panel')
      .getByText(/The kept bytes of .*v11.* are damaged/)
      .first()
      .waitFor();
    await workbench.screenshots('space-8-problems');
    await workbench.runCommand('Modeltrail: Verify');
    await rowOf('All kept versions').click();
    await workbench.answerNotification(/not as they should be/, 'Repair');
    // Git has v11 too. Where versions were packed meanwhile, others are the difference to it, and damaged with it.
    await workbench.notification(/(?:One was|\d were) brought back/).waitFor();
    const panel = workbench.page.locator('.part.panel');
    await panel.getByText(/are damaged/).waitFor({ state: 'detached' });
  });
});

/** The content that the journal names so. */
function idOf(number: number): string {
  const journal = path.join(folder, '.modeltrail/journal');
  const facts = readdirSync(journal, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(path.join(journal, name), 'utf8')) as RecordedFact);
  const found = facts.find((fact) => fact.model === 'models/digits.safetensors' && fact.number === number);
  if (!found) throw new Error(`There is no v${number}.`);
  return found.version;
}
