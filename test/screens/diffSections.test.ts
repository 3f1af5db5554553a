import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { violations } from '../harness/violations.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';
import { baseModel, manyTensors, tunedModel } from './diffModels.ts';
import { diffTests } from './diffPage.ts';
import type { EngineOptions } from './enginePage.ts';
import { float32File } from './inspectModels.ts';

vi.mock('vscode', () => import('./fakeVscode.ts'));

const fixtures = path.join(import.meta.dirname, '../fixtures');
const open = diffTests();
let workspace: Workspace;

beforeAll(() => {
  workspace = makeWorkspace();
  workspace.write('llm.safetensors', baseModel());
  workspace.commit('First training run');
  workspace.write('llm.safetensors', tunedModel());
  workspace.commit('Fine-tuned');
  workspace.write('relabelled.safetensors', baseModel({ format: 'pt', license: 'mit' }));
  workspace.write('small.safetensors', float32File([4], [1, 2, 3, 4]));
  workspace.commit('More');
  const copy = (fixture: string, name: string): void =>
    copyFileSync(path.join(fixtures, fixture), path.join(workspace.folder, name));
  copy('diff/network.onnx', 'network.onnx');
  copy('diff/network-batch.onnx', 'batch.onnx');
  copy('diff/weak.joblib', 'weak.joblib');
  copy('diff/strong.joblib', 'strong.joblib');
  copy('readers/xgboost-classes.json', 'classes.json');
  copy('readers/xgboost-binary.json', 'binary.json');
});
afterAll(() => workspace?.remove());

const show = (a: string, b: string, options?: EngineOptions) => open(workspace.folder, [a, b], options);
const tuning = ['llm.safetensors@HEAD~2', 'llm.safetensors@HEAD'] as const;

test('two that are the same bytes have nothing below the verdict', async () => {
  const { page, screenshot } = await show('llm.safetensors@HEAD', 'llm.safetensors');
  await page.getByRole('heading', { name: 'Identical' }).waitFor();
  await expect.poll(() => page.getByRole('tab').count()).toBe(0);
  await screenshot('diff-identical');
  await expect.poll(() => violations(page)).toEqual([]);
});

test('the same weights with other metadata are said to be that', async () => {
  const { page, row, screenshot } = await show('llm.safetensors@HEAD~2', 'relabelled.safetensors');
  await page.getByText('Same weights: all 67 tensors are equal on both sides.').waitFor();
  await expect
    .poll(() => page.getByRole('tab').allInnerTexts())
    .toEqual([expect.stringMatching(/^Settings\s+2$/)]);
  await expect.poll(() => row('license').innerText()).toMatch(/license\s+–\s+mit/);
  await screenshot('diff-same-weights');
});

test('sides are swapped, and added is removed then', async () => {
  const { page, row } = await show(...tuning);
  await expect.poll(() => row('lora_A').innerText()).toContain('added');
  const names = () => page.locator('.side h2').allInnerTexts();
  const before = await names();
  await page.getByRole('button', { name: 'Swap Sides' }).click();
  await page.getByRole('row', { name: /removed: .*lora_A/ }).waitFor();
  await expect.poll(() => names()).toEqual(before.reverse());
});

test('what did not change comes with a click, the most changed first with another', async () => {
  const { page, row } = await show(...tuning);
  await row('lora_A').waitFor();
  await expect.poll(() => page.getByRole('row', { name: 'embed_tokens' }).count()).toBe(0);
  await page.getByRole('checkbox', { name: 'Changed only' }).uncheck();
  await expect.poll(() => row('embed_tokens').innerText()).toContain('frozen');
  await page.getByRole('searchbox').fill('v_proj');
  await page.getByRole('button', { name: 'Relative L2' }).click();
  const layers = async (): Promise<string[]> =>
    (await page.getByRole('row').allInnerTexts()).flatMap((text) => /^1?\d(?=\n)/.exec(text) ?? []);
  await expect.poll(async () => (await layers()).slice(0, 3)).toEqual(['15', '14', '13']);
});

test('the strip of layers is read with the arrow keys, and shows the tensors of one', async () => {
  const { page, row } = await show(...tuning);
  const strip = page.getByRole('application', { name: /^Relative change of 68 layers/ });
  await strip.focus();
  await page.keyboard.press('Home');
  await page.getByText('model.embed_tokens · relative L2 0').first().waitFor();
  for (let step = 0; step < 60; step++) await page.keyboard.press('ArrowRight');
  await page
    .getByText(/^model\.layers\.14\.self_attn\.v_proj · relative L2 0\.0\d+ · 1 of 1/)
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  await row(/^changed: .*v_proj/).waitFor();
  await expect.poll(() => page.getByRole('searchbox').inputValue()).toBe('model.layers.14.self_attn.v_proj.');
});

test('the histograms are read with the arrow keys, and the bar that is read stands out', async () => {
  const { page, row } = await show(...tuning);
  await page.getByRole('searchbox').fill('layers.15.mlp.up');
  await row('up_proj').click();
  const chart = page.getByRole('application', { name: /^Histograms before and after, of 64 bars/ });
  const picture = () => chart.locator('canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  await chart.waitFor();
  const before = await picture();
  await chart.focus();
  await page.keyboard.press('End');
  await expect
    .poll(() => page.locator('[aria-live=polite]').innerText())
    .toMatch(/^0\.\d+ to 0\.\d+: \d+ before, \d+ after$/);
  await expect.poll(picture).not.toBe(before);
});

test('a detail that is closed gives the keyboard back to the table', async () => {
  const { page, row } = await show(...tuning);
  await row('lora_A').click();
  await page.getByRole('button', { name: 'Close' }).focus();
  await page.keyboard.press('Escape');
  await expect.poll(() => page.getByRole('complementary').count()).toBe(0);
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.getByRole('complementary').waitFor();
});

test('reports leave the page: Markdown, HTML without a script, JSON, CSV', async () => {
  const { page, row, copied, saved } = await show(...tuning);
  await row('lora_A').waitFor();
  const choose = async (name: string): Promise<void> => {
    await page.getByText('Copy or Export').click();
    await page.getByRole('button', { name }).click();
  };
  await choose('Copy as Markdown');
  await expect.poll(() => copied[0]).toMatch(/^### ` llm\.safetensors \([0-9a-f]{7}\) ` → /);
  for (const [index, name] of ['Export as HTML…', 'Export as JSON…', 'Export Tensors as CSV…'].entries()) {
    await choose(name);
    await expect.poll(() => saved.length).toBe(index + 1);
  }
  const [[, html], [, json], [, csv]] = saved as [[string, string], [string, string], [string, string]];
  expect(html).toMatch(/^<!DOCTYPE html>[^]*model\.norm\.weight has more NaN[^]*lora_A/);
  expect(html).not.toMatch(/<script/i);
  expect(JSON.parse(json)).toMatchObject({ schemaVersion: 1, verdict: { tensors: 68 } });
  expect(csv.trim().split('\r\n')).toHaveLength(69);
});

test('what breaks callers stands out', async () => {
  const { page, tab } = await show('batch.onnx', 'network.onnx');
  await page.getByRole('region', { name: 'Warnings' }).waitFor();
  await tab('Graph').click();
  await page.getByText('Inputs or outputs changed in a way that breaks callers.').waitFor();
  await expect
    .poll(() => page.getByRole('row', { name: /^x/ }).innerText())
    .toMatch(/F32\[2, 16\]\s+F32\[1, 16\]\s+breaking/);
  await expect.poll(() => violations(page)).toEqual([]);
});

test('trees tell what became of the ensemble and of what it goes by', async () => {
  const { page, row, screenshot } = await show('classes.json', 'binary.json');
  await page.getByRole('tab', { name: /^Trees/, selected: true }).waitFor();
  await expect.poll(() => row('Trees').innerText()).toMatch(/40/);
  await page.getByRole('grid', { name: 'Importance of the features' }).waitFor();
  await screenshot('diff-trees');
  await expect.poll(() => violations(page)).toEqual([]);
});

test('hyper-parameters of scikit-learn are side by side', async () => {
  const { tab, row } = await show('weak.joblib', 'strong.joblib');
  await tab('Settings').click();
  await expect.poll(() => row(/logisticregression__C|\bC\b/).innerText()).toMatch(/Hyper-parameter/);
});

test('follows the working copy', async () => {
  const { page, refresh } = await show('small.safetensors@HEAD', 'small.safetensors');
  await page.getByRole('heading', { name: 'Identical' }).waitFor();
  writeFileSync(path.join(workspace.folder, 'small.safetensors'), float32File([4], [1, 2, 3, 5]));
  await refresh();
  await page.getByRole('heading', { name: /^Same architecture; 1 of 1 tensors changed/ }).waitFor();
});

test('everything is as it was after a reload', async () => {
  const { page, row } = await show(...tuning);
  await page.getByRole('searchbox').fill('layers.15.mlp.up');
  await row('up_proj').click();
  await page.getByText('Std. deviation').waitFor();
  await page.reload();
  await page.getByText('Std. deviation').waitFor();
  await expect.poll(() => page.getByRole('searchbox').inputValue()).toBe('layers.15.mlp.up');
});

test('a hundred thousand tensors are a table like any', async () => {
  workspace.write('many.safetensors', manyTensors(100_000));
  workspace.write('moved.safetensors', manyTensors(100_000, 0.5));
  const { page, row } = await show('many.safetensors', 'moved.safetensors');
  await page.getByText('10,000 of 100,000', { exact: true }).waitFor({ timeout: 60_000 });
  await row('experts').waitFor();
  await expect.poll(() => page.getByRole('row').count()).toBeLessThan(120);
  await page.getByRole('treegrid').focus();
  await page.getByRole('searchbox').fill('blocks.99990.');
  await row('99990').waitFor();
  await expect.poll(() => row(/^changed/).innerText()).toContain('50%');
});
