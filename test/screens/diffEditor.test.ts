import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeDemo } from '../../scripts/demo.ts';
import type { Workbench } from '../harness/workbench.ts';
import { temporaryFolder, workbenchTests } from '../harness/workbenchTests.ts';
import { baseModel } from './diffModels.ts';
import { rowOfModel, setBox } from './modelRows.ts';

// What changed from one version to another, in the packaged extension: each test goes on where the last one ended.

let folder: string;
let workbench: Workbench;
const page = () => workbench.webview();
const verdict = (text: RegExp) => page().getByRole('heading', { level: 1, name: text });

/** Where the picture in a tab is from. */
const iconOf = (tab: string): Promise<string> =>
  workbench
    .tab(tab)
    .locator('.monaco-icon-label-iconpath')
    .evaluate((icon) => getComputedStyle(icon).backgroundImage);

workbenchTests(
  () => makeDemo(temporaryFolder()),
  (opened) => ({ folder, workbench } = opened),
);

describe('the Diff panel', () => {
  it('opens from the palette, for two versions of a model', async () => {
    await workbench.showContainer('Modeltrail');
    await workbench.row('digits.safetensors').waitFor();
    await workbench.runCommand('Modeltrail: Diff Two Versions');
    await workbench.quickInput.pick('Choose a model', 'models/digits.safetensors');
    await workbench.quickInput.pick('Choose a version', /^v12/);
    await workbench.quickInput.pick('Choose the version to compare v12 with', /^v11/);
    await workbench.tab('digits.safetensors: v11 ↔ v12').waitFor();
    await verdict(/tensors changed/).waitFor();
    await page()
      .getByRole('row', { name: /^changed: .*weight/ })
      .first()
      .click();
    await page().getByText('Std. deviation').waitFor();
    await expect.poll(() => iconOf('digits.safetensors: v11 ↔ v12')).toMatch(/diff-(dark|light)\.svg/);
    await workbench.screenshots('diff-1-versions');
  });

  it('is as it was after a reload of the window', async () => {
    const reloaded = workbench.page.waitForEvent('load');
    await workbench.runCommand('Developer: Reload Window');
    await reloaded;
    await workbench.ready();
    await workbench.tab('digits.safetensors: v11 ↔ v12').waitFor();
    await verdict(/tensors changed/).waitFor();
    await page().getByText('Std. deviation').waitFor();
  });

  it('opens what it compares as text from its title', async () => {
    await workbench.page.getByRole('button', { name: 'Open as Text Diff' }).first().click();
    const diff = workbench.page.locator('.monaco-diff-editor');
    await diff.getByText('encoder.weight').first().waitFor();
    await workbench.runCommand('View: Close Editor');
    // A page that comes to be shown again takes the focus.
    await verdict(/tensors changed/).waitFor();
  });

  it('shows the graphs of two models in ONNX', async () => {
    await workbench.runCommand('Modeltrail: Diff Two Versions');
    await workbench.quickInput.pick('Choose a model', 'models/digits.onnx');
    await workbench.quickInput.pick('Choose a version', '32 hidden units');
    const other = 'Export of the first network for the browser';
    await workbench.quickInput.pick('Choose the version to compare', other);
    await workbench.tab(/digits\.onnx: .* ↔ /).waitFor();
    await verdict(/./).waitFor();
    await workbench.screenshots('diff-2-onnx');
  });

  it('follows the working copy', async () => {
    const model = path.join(folder, 'models/digits.safetensors');
    await workbench.runCommand('Modeltrail: Diff with Working Copy');
    await workbench.quickInput.pick('Choose a model', 'models/digits.safetensors');
    await workbench.quickInput.pick('Choose a version', /^v12/);
    await workbench.tab('digits.safetensors: v12 ↔ working copy').waitFor();
    await verdict(/tensors changed/).waitFor();
    const before = readFileSync(model);
    writeFileSync(model, baseModel());
    await verdict(/tensors added/).waitFor();
    writeFileSync(model, before);
    await verdict(/tensors changed/).waitFor();
    expect(workbench.consoleErrors.filter((error) => error.includes('Content Security'))).toEqual([]);
  });

  it('opens from the Compare panel, for the two that are checked', async () => {
    await workbench.expand(rowOfModel(workbench, 'digits.safetensors'));
    await setBox(workbench, /\bv12\b/, true, 1);
    await setBox(workbench, /\bv10\b/, true, 2);
    await workbench.runCommand('Modeltrail: Compare Versions');
    await expect.poll(() => iconOf('Compare Versions')).toMatch(/compare-(dark|light)\.svg/);
    await page().getByRole('button', { name: 'What Changed Inside' }).click();
    await workbench.tab('digits.safetensors: v10 ↔ v12').waitFor();
    await verdict(/architecture/).waitFor();
  });

  it('opens for two models that are selected, whatever their formats', async () => {
    const row = (name: string) => workbench.view('Models').locator('[aria-level="1"]', { hasText: name });
    // A plain click would unfold the model, and push the other one out of sight.
    for (const name of ['digits.pt', 'digits.safetensors'])
      await row(name).click({ modifiers: ['ControlOrMeta'] });
    await workbench.chooseFromContextMenu(row('digits.safetensors'), 'Diff Two Versions');
    await workbench.tab(/digits\.\w+ working copy ↔ digits\.\w+ working copy/).waitFor();
    await verdict(/Different architecture; 6 tensors added; 6 tensors removed/).waitFor();
    await page().getByText('PyTorch').first().waitFor();
  });
});
