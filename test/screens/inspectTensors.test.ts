import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';
import { float32File, languageModel, manyTensors } from './inspectModels.ts';
import { inspectTests } from './inspectPage.ts';

vi.mock('vscode', () => import('./fakeVscode.ts'));

const open = inspectTests();
let workspace: Workspace;

beforeAll(() => {
  workspace = makeWorkspace({ git: false });
  workspace.write('llm.safetensors', languageModel({ broken: true }));
});
afterAll(() => workspace?.remove());

const show = (model: string, width = 1200) => open({ folder: workspace.folder, model }, { width });

const announced = (page: Page) => page.locator('[aria-live=polite]');
const names = async (page: Page): Promise<string[]> =>
  page.getByRole('row').locator('.grid-cell:first-child .label').allInnerTexts();
const figure = (page: Page, name: string) =>
  page
    .locator('.figures > div')
    .filter({ has: page.getByText(name, { exact: true }) })
    .locator('dd');

describe('the tree', () => {
  test('groups by module, in the order of numbers, and is used with the keyboard alone', async () => {
    const { page, copied } = await show('llm.safetensors');
    const grid = page.getByRole('treegrid', { name: 'Tensors' });
    await grid.waitFor();
    expect((await names(page)).slice(0, 6)).toEqual([
      'lm_head.conv.weight',
      'model',
      'embed_tokens.weight',
      'layers',
      '0',
      '1',
    ]);
    await expect.poll(() => names(page)).toContain('10');
    const active = () =>
      grid.evaluate(
        (element) =>
          document.getElementById(element.getAttribute('aria-activedescendant') ?? '')?.textContent,
      );
    await grid.focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight'])
      await page.keyboard.press(key);
    await expect.poll(() => active()).toContain('input_layernorm.weight');
    await page.keyboard.press('Control+c');
    await expect.poll(() => copied).toEqual(['model.layers.0.input_layernorm.weight']);
    await page.keyboard.press('Enter');
    await page.getByRole('complementary', { name: 'model.layers.0.input_layernorm.weight' }).waitFor();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => active()).toMatch(/^08/);
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => names(page)).not.toContain('input_layernorm.weight');
    await page.keyboard.press('End');
    await expect.poll(() => active()).toContain('step');
  });

  test('is filtered by name and type, and sorted by share', async () => {
    const { page, row } = await show('llm.safetensors');
    await row('embed_tokens').waitFor();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('proj 11 bf16');
    await expect.poll(() => names(page)).toContain('q_proj.weight');
    await expect.poll(() => page.getByText('7 of 100', { exact: true }).count()).toBe(1);
    await page.getByRole('searchbox').fill('no such');
    await page.getByText('Nothing here has “no such” in it.').waitFor();
    await page.getByRole('searchbox').fill('');
    await page.getByRole('button', { name: 'Share' }).click();
    await expect.poll(async () => (await names(page)).slice(0, 2)).toEqual(['model', 'layers']);
    const sorted = page.getByRole('columnheader', { name: 'Share' });
    await expect.poll(() => sorted.getAttribute('aria-sort')).toBe('descending');
  });

  test('is copied and exported as it is filtered', async () => {
    const { page, row, copied, saved } = await show('llm.safetensors');
    await row('embed_tokens').waitFor();
    await page.getByRole('searchbox').fill('f32');
    await row('norm.weight').waitFor();
    await page.getByText('Copy or Export').click();
    await page.getByRole('button', { name: 'Copy as CSV' }).click();
    await expect.poll(() => copied.length).toBe(1);
    await page.getByText('Copy or Export').click();
    await page.getByRole('button', { name: 'Export as JSON…' }).click();
    await page.getByText('Saved', { exact: true }).first().waitFor();
    const lines = copied[0]?.split('\r\n') ?? [];
    expect(lines[0]).toBe('name,dtype,shape,elements,byteOffset,byteLength,sharesStorageWith');
    expect(lines.find((line) => line.startsWith('lm_head'))).toMatch(
      /^lm_head\.conv\.weight,F32,3x2x48x32,9216,\d+,36864,$/,
    );
    const exported = JSON.parse(saved[0]?.[1] ?? '') as { name: string; elements: number }[];
    expect(exported).toHaveLength(14);
    expect(exported.every(({ elements }) => elements > 0)).toBe(true);
  });

  test('of 100,000 tensors has only the rows that are in view', async () => {
    workspace.write('many.safetensors', manyTensors(100_000));
    const { page } = await show('many.safetensors');
    const started = Date.now();
    await page.getByRole('treegrid').waitFor();
    console.log(`inspect editor, 100,000 tensors: shown ${Date.now() - started} ms after the page`);
    await page.getByRole('searchbox').fill('9999');
    await page.getByText('19 of 100,000').waitFor();
    await page.getByRole('searchbox').fill('weight');
    await expect.poll(() => page.getByText('of 100,000').count()).toBe(0);
    const grid = page.getByRole('treegrid');
    await grid.focus();
    await page.keyboard.press('End');
    await page.getByRole('row', { name: /99999/ }).waitFor();
    await expect.poll(() => page.getByRole('row').count()).toBeLessThan(80);
    expect(Number(await grid.getAttribute('aria-rowcount'))).toBeGreaterThan(100_000);
    const slowest = await grid.evaluate(async (element) => {
      let slowest = 0;
      for (let at = 0; at < 60; at++) {
        const before = performance.now();
        element.scrollTop = at * 40_000;
        await new Promise(requestAnimationFrame);
        slowest = Math.max(slowest, performance.now() - before);
      }
      return slowest;
    });
    console.log(`inspect editor, 100,000 tensors: slowest frame while scrolling ${Math.round(slowest)} ms`);
  });
});

describe('a tensor', () => {
  test('shows what its elements say, as they are in the file', async () => {
    workspace.write(
      'known.safetensors',
      float32File([3, 4], [0, 1, -2, 3, 0, 5, NaN, 7, 8, Infinity, 0.5, 11]),
    );
    const { page, row } = await show('known.safetensors');
    await row('w').click();
    await expect.poll(() => figure(page, 'Min').innerText()).toBe('-2');
    await expect.poll(() => figure(page, 'Max').innerText()).toBe('11');
    await expect.poll(() => figure(page, 'Mean').innerText()).toBe('3.35');
    await expect.poll(() => figure(page, 'Zeros').innerText()).toBe('2 (17%)');
    await expect.poll(() => figure(page, 'NaN').innerText()).toBe('1 (8.3%)');
    await expect.poll(() => figure(page, 'Infinite').innerText()).toBe('1 (8.3%)');
    await expect.poll(() => page.locator('.alarm').count()).toBe(2);

    const map = page.getByRole('application', { name: /^Values of 3 rows and 4 columns/ });
    await map.focus();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => announced(page).innerText()).toBe('row 0, column 0: 0');
    await page.keyboard.press('End');
    await expect.poll(() => announced(page).innerText()).toBe('row 0, column 3: 3');
    await page.keyboard.press('PageDown');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => announced(page).innerText()).toBe('row 2, column 2: 0.5');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => announced(page).innerText()).toBe('row 2, column 1: no finite number');

    await page.getByRole('application', { name: /^Histogram of 64 bars from -2 to 11/ }).focus();
    await page.keyboard.press('Home');
    await expect.poll(() => announced(page).innerText()).toMatch(/^-2 to -1\.797: 1 elements, 10%$/);
  });

  test('of four dimensions is shown plane by plane', async () => {
    const values = Array.from({ length: 2 * 3 * 2 * 2 }, (_, i) => i);
    workspace.write('planes.safetensors', float32File([2, 3, 2, 2], values));
    const { page, row } = await show('planes.safetensors');
    await row('w').click();
    await page.getByRole('spinbutton', { name: 'Index 0' }).fill('1');
    await page.getByRole('spinbutton', { name: 'Index 1' }).fill('2');
    await page.getByRole('spinbutton', { name: 'Index 1' }).press('Tab');
    const map = page.getByRole('application', { name: /^Values of 2 rows and 2 columns/ });
    await expect
      .poll(async () => {
        // What is above it may grow until all is read.
        const box = await map.boundingBox();
        if (!box) return 'The values are not there.';
        await page.mouse.move(box.x + 4, box.y + 5);
        await page.mouse.move(box.x + box.width - 5, box.y + box.height - 5);
        return page.locator('.readout').last().innerText();
      })
      .toBe('row 1, column 1: 23');
  });

  test('that got another shape on disk is shown in that one', async () => {
    workspace.write('reshaped.safetensors', float32File([2, 3, 2, 2], Array(24).fill(1)));
    const { page, row, server } = await show('reshaped.safetensors');
    await row('w').click();
    await page.getByRole('spinbutton', { name: 'Index 1' }).fill('2');
    workspace.write('reshaped.safetensors', float32File([1, 1, 4, 6], Array(24).fill(1)));
    server.emit('fileChanged', 1);
    await page.getByRole('application', { name: /^Values of 4 rows and 6 columns/ }).waitFor();
    await expect.poll(() => page.getByRole('spinbutton', { name: 'Index 1' }).inputValue()).toBe('0');
  });

  test('whose values were not read can be tried again', async () => {
    workspace.write('again.safetensors', float32File([2, 3], [1, 2, 3, 4, 5, 6]));
    let attempts = 0;
    const { page, row } = await open(
      { folder: workspace.folder, model: 'again.safetensors' },
      {
        api: ({ tensorSlice }) => ({
          tensorSlice: (...args) =>
            ++attempts === 1 ? Promise.reject(new Error('The disk is away.')) : tensorSlice(...args),
        }),
      },
    );
    await row('w').click();
    await page.getByRole('alert').getByText('The disk is away.').waitFor();
    await page.getByRole('button', { name: 'Try Again' }).click();
    await page.getByRole('application', { name: /^Values of 2 rows and 3 columns/ }).waitFor();
  });

  test('of large size is read when it is asked for, and reading can be cancelled', async () => {
    let aborted = false;
    workspace.write('big.safetensors', float32File([17_000_000], []));
    const { page, row, screenshot } = await open(
      { folder: workspace.folder, model: 'big.safetensors' },
      {
        api: () => ({
          tensorDetail: (_target, _tensor, { signal, report }) => {
            report({ label: 'Reading w', done: 34_000_000, total: 68_000_000 });
            return new Promise((_, reject) =>
              signal.addEventListener('abort', () => {
                aborted = true;
                reject(new Error('cancelled'));
              }),
            );
          },
        }),
      },
    );
    await row('w').click();
    await page.getByRole('button', { name: 'Read 64.8 MB for the Statistics' }).click();
    await page.getByText('Reading w (32.4 MB of 64.8 MB)').waitFor();
    await screenshot('inspect-reading', false);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Try Again' }).waitFor();
    expect(aborted).toBe(true);
  });
});
