import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { violations } from '../harness/violations.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';
import { baseModel, tunedModel } from './diffModels.ts';
import { diffTests } from './diffPage.ts';
import type { EngineOptions } from './enginePage.ts';
import { webviewThemes, type WebviewThemeName } from './themes.ts';

vi.mock('vscode', () => import('./fakeVscode.ts'));

const fixtures = path.join(import.meta.dirname, '../fixtures');
const open = diffTests();
let workspace: Workspace;

beforeAll(() => {
  workspace = makeWorkspace();
  const copy = (fixture: string, name: string): void =>
    copyFileSync(path.join(fixtures, fixture), path.join(workspace.folder, name));
  workspace.write('llm.safetensors', baseModel());
  copy('diff/network.onnx', 'network.onnx');
  copy('readers/xgboost-classes.json', 'trees.json');
  workspace.write('llm.metrics.json', JSON.stringify({ accuracy: 0.91, loss: 0.31 }));
  workspace.commit('First training run');
  workspace.write('llm.safetensors', tunedModel());
  copy('diff/network-changed.onnx', 'network.onnx');
  workspace.write('llm.metrics.json', JSON.stringify({ accuracy: 0.934, loss: 0.35 }));
  workspace.commit('Fine-tuned the upper layers, rate 1e-4');
  copy('diff/network-batch.onnx', 'batch.onnx');
  copy('diff/weak.joblib', 'weak.joblib');
  copy('diff/strong.joblib', 'strong.joblib');
});
afterAll(() => workspace?.remove());

const show = (a: string, b: string, options?: EngineOptions) => open(workspace.folder, [a, b], options);

const tuning = ['llm.safetensors@HEAD~1', 'llm.safetensors@HEAD'] as const;
const themes = Object.keys(webviewThemes) as WebviewThemeName[];

describe.each(themes)('in the %s theme', (theme) => {
  test.each([1200, 300])('tensors are whole and accessible at a width of %i', async (width) => {
    const { page, row, screenshot, errors } = await show(...tuning, { theme, width });
    await row('lora_A').waitFor();
    await screenshot(`diff-tensors-${width}`);
    await expect.poll(() => violations(page)).toEqual([]);
    await page.getByRole('searchbox').fill('layers.15.mlp.up');
    await row('up_proj').click();
    await page.getByText('Std. deviation').waitFor();
    await screenshot(`diff-tensor-${width}`);
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    await expect.poll(() => violations(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  test.each([1200, 300])('a graph is whole and accessible at a width of %i', async (width) => {
    const { page, tab, row, screenshot, errors } = await show('network.onnx@HEAD~1', 'network.onnx@HEAD', {
      theme,
      width,
    });
    await tab('Graph').click();
    await screenshot(`diff-graph-${width}`);
    await expect.poll(() => violations(page)).toEqual([]);
    await row(/added|changed|removed/).click();
    await page.getByRole('button', { name: 'Close' }).waitFor();
    await screenshot(`diff-node-${width}`);
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    await expect.poll(() => violations(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  test('settings and metrics are accessible', async () => {
    const { page, tab, row, screenshot, errors } = await show(...tuning, { theme });
    await tab('Settings').click();
    await row('training_config').click();
    await screenshot('diff-settings');
    await expect.poll(() => violations(page)).toEqual([]);
    await tab('Metrics').click();
    await expect.poll(() => row('accuracy').innerText()).toMatch(/0\.91\s+0\.934\s+\+0\.024\s*better/);
    await screenshot('diff-metrics');
    await expect.poll(() => violations(page)).toEqual([]);
    expect(errors).toEqual([]);
  });
});
