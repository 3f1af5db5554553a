import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { versionName } from '../../src/core/versions.ts';
import { trailStrip } from '../../src/editor/inspect/trailStrip.ts';
import type { TrailHandle } from '../../src/engine/client.ts';
import { violations } from '../harness/violations.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';
import { languageModel } from './inspectModels.ts';
import { type InspectOptions, inspectTests } from './inspectPage.ts';
import { webviewThemes, type WebviewThemeName } from './themes.ts';

vi.mock('vscode', () => import('./fakeVscode.ts'));

const fixtures = path.join(import.meta.dirname, '../fixtures');
const open = inspectTests();
let workspace: Workspace;

beforeAll(() => {
  workspace = makeWorkspace();
  workspace.write('llm.safetensors', languageModel());
  workspace.commit('First training run');
  workspace.write('llm.safetensors', languageModel({ broken: true }));
  workspace.commit('Longer warm-up, rate 3e-4');
  for (const file of [
    'formats/mlp.onnx',
    'readers/graphs.onnx',
    'readers/xgboost-classes.json',
    'formats/pipeline.joblib',
  ])
    copyFileSync(path.join(fixtures, file), path.join(workspace.folder, path.basename(file)));
});
afterAll(() => workspace?.remove());

const show = (model: string, options?: InspectOptions) => open({ folder: workspace.folder, model }, options);

const themes = Object.keys(webviewThemes) as WebviewThemeName[];

describe.each(themes)('in the %s theme', (theme) => {
  test.each([1200, 300])('a tensor is whole and accessible at a width of %i', async (width) => {
    const { page, row, screenshot, errors } = await show('llm.safetensors', { theme, width });
    await row('lm_head').click();
    await page.getByRole('application', { name: /^Values of 48 rows/ }).waitFor();
    await screenshot(`inspect-tensor-${width}`);
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    await expect.poll(() => violations(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  test.each([1200, 300])('a graph is whole and accessible at a width of %i', async (width) => {
    const { page, tab, row, screenshot, errors } = await show('graphs.onnx', { theme, width });
    await tab('Graph').click();
    await row('MatMul').waitFor();
    await screenshot(`inspect-graph-${width}`);
    await expect.poll(() => violations(page)).toEqual([]);
    await row('MatMul').click();
    await page.getByRole('button', { name: 'Drawing' }).click();
    await page.getByRole('application', { name: /^Drawing of 23 nodes/ }).waitFor();
    await screenshot(`inspect-drawing-${width}`);
    await expect.poll(() => violations(page)).toEqual([]);
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    expect(errors).toEqual([]);
  });

  test('trees and settings are accessible', async () => {
    const { page, tab, row, screenshot, errors } = await show('xgboost-classes.json', { theme });
    await page.getByRole('application', { name: /^Leaves and depth of 40 trees/ }).waitFor();
    await screenshot('inspect-trees');
    await expect.poll(() => violations(page)).toEqual([]);
    await tab('Metadata').click();
    await row('learning_rate').or(page.getByRole('row').nth(1)).first().click();
    await screenshot('inspect-settings');
    await expect.poll(() => violations(page)).toEqual([]);
    expect(errors).toEqual([]);
  });
});

test('sections that a file has nothing for are not there', async () => {
  const { page } = await show('pipeline.joblib');
  await page.getByRole('tab').first().waitFor();
  const tabs = (await page.getByRole('tab').allInnerTexts()).map((text) => text.replace(/\s.*/s, ''));
  expect(tabs).toEqual(['Tensors', 'Metadata']);
});

test('the versions are gone through, shown and compared without a mouse', async () => {
  const { page, diffs } = await show('llm.safetensors');
  const [newest, oldest] = [page.getByRole('option').nth(1), page.getByRole('option').nth(2)];
  await page.getByRole('option', { name: /^Working copy/ }).focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect.poll(() => oldest.getAttribute('aria-selected')).toBe('true');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Shift+Enter');
  await expect.poll(() => diffs.length).toBe(1);
  await expect.poll(() => newest.textContent()).toMatch(/same as the working copy, Longer warm-up/);
  await page.getByRole('button', { name: 'Diff with Working Copy' }).click();
  await expect.poll(() => diffs.length).toBe(2);
  const [a, b] = diffs[0] ?? [];
  expect(new Set([a, b]).size).toBe(2);
  expect(diffs[1]).toEqual([null, b]);
  await newest.click();
  await expect.poll(() => newest.getAttribute('aria-selected')).toBe('true');
  expect(await page.getByRole('button', { name: 'Diff with Working Copy' }).count()).toBe(0);
});

test('a version that is recorded meanwhile does not take the focus from another', async () => {
  for (const layers of [1, 2]) {
    workspace.write('steps.safetensors', languageModel({ layers }));
    workspace.commit(`${layers} layers`);
  }
  const { page, server, trail } = await show('steps.safetensors');
  await page.getByRole('option', { name: /^Working copy/ }).focus();
  await page.keyboard.press('End');
  workspace.write('steps.safetensors', languageModel({ layers: 3 }));
  await trail.record({ model: 'steps.safetensors', message: '3 layers' }, unattended);
  const place = { api: trail as unknown as TrailHandle, model: 'steps.safetensors' };
  server.emit('trail', await trailStrip(place));
  await expect.poll(() => page.getByRole('option').count()).toBe(4);
  await page.keyboard.press('Enter');
  await expect.poll(() => page.getByRole('option').last().getAttribute('aria-selected')).toBe('true');
  await expect.poll(() => page.getByRole('option').last().getAttribute('tabindex')).toBe('0');
});

test('which version is shown stands in the head, and its chip is in view at any width', async () => {
  for (let rate = 1; rate <= 12; rate++) {
    workspace.write('rates.safetensors', languageModel({ layers: 1, width: 4 * rate }));
    workspace.commit(`A width of ${4 * rate}`);
  }
  const { page, server, trail } = await show('rates.safetensors', { width: 1400 });
  const { versions } = await trail.versions('rates.safetensors', { offset: 0, limit: 20 });
  const seventh = versions[6];
  if (!seventh) throw new Error('There are twelve.');
  await trail.tag({ model: 'rates.safetensors', version: seventh.id }, 'narrow', false);
  const place = { api: trail as unknown as TrailHandle, model: 'rates.safetensors' };
  server.emit('trail', await trailStrip(place));
  const head = () => page.locator('.model-head .title').innerText();
  const chip = page.getByRole('option').nth(7);
  const isInView = async () => {
    const [inner, outer] = await Promise.all([chip.boundingBox(), page.getByRole('listbox').boundingBox()]);
    if (!inner || !outer) return false;
    return inner.x >= outer.x && inner.x + inner.width <= outer.x + outer.width;
  };
  await chip.click();
  await expect.poll(head).toContain(`${versionName(seventh)} · narrow`);
  for (const width of [900, 500, 300, 700]) {
    await page.setViewportSize({ width, height: 700 });
    await expect.poll(isInView).toBe(true);
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  }
  await page.getByRole('option').first().click();
  await expect.poll(head).not.toContain(versionName(seventh));
});

test('what was asked for is shown first', async () => {
  const all = await show('llm.safetensors');
  const { versions } = await all.trail.versions('llm.safetensors', { offset: 0, limit: 10 });
  await all.page.context().close();
  const { page, ask } = await show('llm.safetensors', { asked: versions[1]?.id });
  const shown = () => page.getByRole('option', { selected: true }).innerText();
  await expect.poll(shown).toContain('First training run');
  // Also the file on disk, where the page would show a version again.
  ask(null);
  await page.reload();
  await expect.poll(shown).toContain('Working copy');
});

test('everything is as it was after a reload', async () => {
  const { page, row, tab } = await show('llm.safetensors');
  await page.getByRole('option').nth(2).click();
  await page.getByRole('searchbox').fill('layers.3 bf16');
  await row('self_attn').waitFor();
  await row(/^q_proj/).click();
  await page.getByText('L2 norm').waitFor();
  await page.reload();
  await page.getByText('L2 norm').waitFor();
  await expect.poll(() => page.getByRole('searchbox').inputValue()).toBe('layers.3 bf16');
  await expect
    .poll(() => page.getByRole('option', { selected: true }).innerText())
    .toContain('First training run');
  await tab('Metadata').click();
  await page.reload();
  await row('training_config').waitFor();
});

test('the page speaks the language of the editor', async () => {
  const translations = { Tensors: 'Tensoren', 'Filter by name or type': 'Nach Name oder Typ filtern' };
  const { page, tab } = await show('llm.safetensors', { translations });
  await tab('Tensoren').waitFor();
  await expect
    .poll(() => page.getByRole('searchbox').getAttribute('placeholder'))
    .toBe('Nach Name oder Typ filtern');
});
