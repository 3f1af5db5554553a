import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDemo } from '../../scripts/demo.ts';
import type { Workbench } from '../harness/workbench.ts';
import { temporaryFolder, workbenchTests } from '../harness/workbenchTests.ts';
import { languageModel } from './inspectModels.ts';

// What is inside a model, in the packaged extension: each test goes on where the last one ended.

let folder: string;
let outside: string;
let workbench: Workbench;
const model = (): string => path.join(folder, 'models/digits.safetensors');
const page = () => workbench.webview();
const webviews = (): Locator => workbench.page.locator('iframe.webview:visible');
const statusBar = async (): Promise<string> => {
  const item = workbench.page.locator('.part.statusbar [id="modeltrail.modeltrail.modeltrail.version"]');
  return (await item.innerText()).trim();
};
const version = (name: RegExp): Locator => page().getByRole('option', { name });

beforeAll(() => {
  outside = temporaryFolder();
});
afterAll(() => rmSync(outside, { recursive: true, force: true, maxRetries: 5 }));
workbenchTests(
  () => makeDemo(temporaryFolder()),
  (opened) => ({ folder, workbench } = opened),
);

describe('the inspect editor', () => {
  it('is what a click on a .safetensors file opens', async () => {
    await workbench.showContainer('Explorer');
    await workbench.expand(workbench.row('models'));
    await workbench.row('digits.safetensors').dblclick();
    await page().getByRole('treegrid', { name: 'Tensors' }).waitFor();
    await version(/^Working copy/)
      .and(page().locator('[aria-selected=true]'))
      .waitFor();
    await version(/^v12/).waitFor();
    await page()
      .getByRole('row', { name: /^encoder/ })
      .first()
      .click();
    await workbench.screenshots('inspect-1-file');
  });

  it('shows the version that is chosen in the strip', async () => {
    const tensor = page()
      .getByRole('row', { name: /weight/ })
      .first();
    await tensor.click();
    await page().getByText('L2 norm').waitFor();
    const norm = () => page().locator('.figures > div', { hasText: 'L2 norm' }).locator('dd').innerText();
    const now = await norm();
    await version(/^v2\b/).click();
    await expect.poll(norm).not.toBe(now);
    await workbench.screenshots('inspect-2-version');
  });

  it('is as it was after a reload of the window', async () => {
    // The command keeps what the window shows at once; closing the page may come before that.
    const reloaded = workbench.page.waitForEvent('load');
    await workbench.runCommand('Developer: Reload Window');
    await reloaded;
    await workbench.ready();
    await version(/^v2\b/).and(page().locator('[aria-selected=true]')).waitFor();
    await page().getByText('L2 norm').waitFor();
    await expect.poll(() => page().getByRole('row', { selected: true }).textContent()).toContain('weight');
  });

  it('shows the differences to another version', async () => {
    await version(/^v11\b/).click({ modifiers: ['Shift'] });
    await workbench.tab(/digits\.safetensors: v2 ↔ v11/).waitFor();
  });

  it('follows the file on the disk', async () => {
    await workbench.tab(/^digits\.safetensors$/).click();
    await version(/^Working copy/).click();
    await page()
      .getByRole('row', { name: /^encoder|^head/ })
      .first()
      .waitFor();
    const before = readFileSync(model());
    writeFileSync(model(), languageModel({ layers: 2 }));
    await page()
      .getByRole('row', { name: /^model/ })
      .first()
      .waitFor();
    writeFileSync(model(), before);
    await page()
      .getByRole('row', { name: /^encoder|^head/ })
      .first()
      .waitFor();
  });

  it('opens from the palette, for files that other editors show too', async () => {
    await workbench.runCommand('Modeltrail: Show Model');
    await workbench.quickInput.pick('Choose a model', 'models/digits.onnx');
    await page()
      .getByRole('tab', { name: /^Graph/ })
      .click();
    await page().getByRole('button', { name: 'Drawing' }).click();
    await page()
      .getByRole('application', { name: /^Drawing of/ })
      .waitFor();
    await workbench.screenshots('inspect-3-graph');
  });

  it('opens at a version whose row is clicked', async () => {
    await workbench.showContainer('Modeltrail');
    const models = workbench.view('Models');
    await workbench.expand(models.locator('.monaco-list-row', { hasText: 'digits.safetensors' }).first());
    const row = models.locator('.monaco-list-row', { hasText: /\bv9\b/ }).first();
    const shown = version(/^v9\b/).and(page().locator('[aria-selected=true]'));
    await row.click();
    await shown.waitFor();
    await expect.poll(() => page().locator('.model-head .title').innerText()).toMatch(/^digits.*\bv9\b/s);
    await expect.poll(statusBar).toBe('v9 (working copy: changed since v12)');
    await workbench.screenshots('inspect-4-row');
    await version(/^Working copy/).click();
    await expect.poll(statusBar).toBe('changed since v12');
    await models
      .locator('.monaco-list-row', { hasText: /\bv8\b/ })
      .first()
      .click();
    await expect.poll(statusBar).toBe('v8 (working copy: changed since v12)');
    // Of the models that are only looked at, one tab shows the last.
    const onnx = workbench.tab('digits.onnx');
    await onnx.waitFor();
    await workbench.expand(models.locator('.monaco-list-row', { hasText: 'churn.joblib' }).first());
    await models.locator('.monaco-list-row', { hasText: 'Working copy' }).first().click();
    await workbench.tab('churn.joblib').waitFor();
    await expect.poll(() => onnx.count()).toBe(0);
    await expect.poll(() => workbench.tab(/^digits\.safetensors$/).count()).toBe(1);
    await workbench.screenshot('inspect-4-preview');
    expect(workbench.consoleErrors.filter((error) => error.includes('Content Security'))).toEqual([]);
  });

  it('opens a file that is in no folder of the window', async () => {
    const file = path.join(outside, 'elsewhere.safetensors');
    writeFileSync(file, languageModel({ layers: 1 }));
    await workbench.runCommand('File: Open File...');
    await workbench.quickInput.chooseFile('Open File', file);
    await workbench.tab('elsewhere.safetensors').waitFor();
    await page()
      .getByRole('row', { name: /^lm_head/ })
      .click();
    await page().getByText('L2 norm').waitFor();
    expect(readdirSync(outside)).toEqual(['elsewhere.safetensors']);
  });

  it('shows a change of Git on both sides', async () => {
    await workbench.tab(/^digits\.safetensors$/).click();
    await workbench.page.locator('.editor-actions').getByRole('button', { name: 'Open Changes' }).click();
    await expect.poll(() => webviews().count()).toBe(2);
    const shown = (at: number): Promise<string> => {
      const side = webviews().nth(at).contentFrame().locator('iframe#active-frame').contentFrame();
      return side.getByRole('option', { selected: true }).innerText();
    };
    await expect
      .poll(async () => (await Promise.all([shown(0), shown(1)])).sort().join(' | '))
      .toMatch(/^Working copy.* \| v11/s);
    await workbench.screenshot('inspect-6-git');
  });

  it('shows the object of a Git LFS pointer, which is here', async () => {
    await workbench.runCommand('Modeltrail: Show Model');
    await workbench.quickInput.pick('Choose a model', 'models/digits.pt');
    // Both sides of the change go.
    await expect.poll(() => webviews().count()).toBe(1);
    await page().getByRole('heading', { name: 'digits.pt' }).waitFor();
    await page().getByText('PyTorch zip 3').waitFor();
    await workbench.screenshots('inspect-5-pointer');
  });
});
