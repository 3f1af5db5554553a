import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { makeDemo } from '../../scripts/demo.ts';
import type { Workbench } from '../harness/workbench.ts';
import { temporaryFolder, workbenchTests } from '../harness/workbenchTests.ts';
import { safetensors, sha256 } from '../support/workspace.ts';
import { rowOfModel, rowOfVersion, setBox } from './modelRows.ts';

// What a user does in the first quarter of an hour, on the demo, with the packaged extension: each test goes on where the last one ended.

const model = 'models/digits.safetensors';
let folder: string;
let workbench: Workbench;

const file = (name: string): string => path.join(folder, name);
const idOf = (name: string): string => sha256(readFileSync(file(name)));
const modelRow = (name: string): Locator => rowOfModel(workbench, name);
const version = (name: string): Locator => rowOfVersion(workbench, new RegExp(`\\b${name}\\b`));
const choose = async (row: Locator, item: string, outcome: Locator): Promise<void> => {
  await workbench.chooseFromContextMenu(row, item);
  await outcome.waitFor();
};
/** The question in the middle of the window's top with this title. */
const question = (title: string): Locator => workbench.quickInput.widget.filter({ hasText: title });

workbenchTests(
  () => makeDemo(temporaryFolder()),
  (opened) => ({ folder, workbench } = opened),
);

describe('the path of a user', () => {
  it('opens the container: every model, with what its working copy is', async () => {
    await workbench.showContainer('Modeltrail');
    for (const name of ['churn.joblib', 'digits.onnx', 'digits.pt', 'digits.safetensors']) {
      await modelRow(name).waitFor();
    }
    await workbench.expand(modelRow('digits.safetensors'));
    await version('v12').waitFor();
    await workbench.row(/Working copy.*changed/).waitFor();
    await expect.poll(() => version('v11').textContent()).toContain('champion');
    await workbench.screenshots('1-models');
  });

  it('records what it trained, with the metrics beside it', async () => {
    writeFileSync(file('models/digits.safetensors.metrics.json'), '{"val_accuracy": 0.9801, "val_f1": 0.98}');
    writeFileSync(file(model), safetensors(5000));
    const earlier = new Date(Date.now() - 5000);
    utimesSync(file(model), earlier, earlier);
    await choose(modelRow('digits.safetensors'), 'Record Version', question('Record a version of'));
    await workbench.quickInput.type(/What did you try/, 'Cosine schedule');
    await workbench
      .notification(/Recorded digits\.safetensors as v13, with val_accuracy and val_f1/)
      .waitFor();
    await version('v13').waitFor();
    await expect.poll(() => version('v13').textContent()).toMatch(/Cosine schedule.*0\.98/);
  });

  it('tags it, and gives it a stage', async () => {
    await choose(version('v13'), 'Tag Version', question('Tag v13 of'));
    await workbench.quickInput.type(/tag/i, 'cosine');
    await version('cosine').waitFor();
    await choose(version('v13'), 'Set Stage', question('v13'));
    await workbench.quickInput.pick(/stage/i, 'production');
    await workbench.answerDialog(/v11/, /.*roduction|Set|Move|Promote/);
    await workbench.row('Put v13 in production').waitFor();
  });

  it('compares checked versions: a chart for each metric, and a table', async () => {
    for (const [index, name] of [/\bv13\b/, /\bv12\b/, /\bv11\b/, /\bv9\b/].entries())
      await setBox(workbench, name, true, index + 1);
    await workbench.runCommand('Modeltrail: Compare Versions');
    const page = workbench.webview();
    await page.getByRole('heading', { name: /^4 of \d+ versions compared/ }).waitFor();
    await page.getByRole('application', { name: /^val_accuracy:/ }).waitFor();
    await expect
      .poll(() => page.getByRole('row', { name: /^val_accuracy/ }).textContent())
      .toContain('0.9801');
    await workbench.screenshots('2-compare');
    // The check boxes go on driving the panel.
    await setBox(workbench, /\bv9\b/, false, 3);
    await page.getByRole('heading', { name: /^3 of \d+ versions compared/ }).waitFor();
  });

  it('shows what changed inside, and as text', async () => {
    await choose(version('v12'), 'Diff with Working Copy', workbench.tab(/v12 ↔ working copy/));
    await workbench
      .webview()
      .getByRole('heading', { level: 1, name: /architecture/ })
      .waitFor();
    await workbench.screenshots('3-diff');
    await workbench.runCommand('Modeltrail: Open as Text Diff');
    const diff = workbench.page.locator('.monaco-diff-editor');
    await diff.getByText('encoder.weight').first().waitFor();
    await expect.poll(() => diff.locator('.line-delete').count()).toBeGreaterThan(0);
  });

  it('rolls back after one clear question, and undoes it', async () => {
    const trained = idOf(model);
    await choose(
      version('v11'),
      'Roll Back to Version',
      workbench.dialog(/Roll digits\.safetensors back to v11/),
    );
    await workbench.screenshots('4-roll-back');
    await workbench.answerDialog(/Roll digits\.safetensors back to v11/, 'Roll Back');
    await workbench.notification(/digits\.safetensors is v11 again/).waitFor();
    expect(idOf(model)).not.toBe(trained);
    await workbench.row(/same as v11/).waitFor();
    await workbench.answerNotification(/digits\.safetensors is v11 again/, 'Undo');
    await workbench.row(/same as v13/).waitFor();
    expect(idOf(model)).toBe(trained);
  });

  it('says where the bytes of a Git LFS pointer could come from', async () => {
    await workbench.page.locator('.part.sidebar .monaco-list').first().press('Home');
    await workbench.expand(modelRow('digits.pt'));
    const refusal = /cannot be rolled back to bdb73a7: .* are not on this machine.*Git LFS/;
    await choose(version('bdb73a7'), 'Roll Back to Version', workbench.notification(refusal));
    await workbench.screenshots('5-lfs');
  });

  it('is as it was after a reload of the window', async () => {
    await workbench.reload();
    await workbench.showContainer('Modeltrail');
    await workbench.expand(modelRow('digits.safetensors'));
    await version('v13').waitFor();
    await expect.poll(() => version('v13').getByRole('checkbox').isChecked()).toBe(true);
    // The tabs move until all editors are back; a click meant for one of them may close it.
    await workbench.page.getByText('format: safetensors').first().waitFor();
    await workbench.tab('Compare Versions').locator('.tab-label').click();
    await workbench
      .webview()
      .getByRole('heading', { name: /^3 of \d+ versions compared/ })
      .waitFor();
    await workbench.screenshots('6-reloaded');
  });
});
