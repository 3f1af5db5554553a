import { describe, expect, test, vi } from 'vitest';
import type { CompareSnapshot } from '../../src/webview/compare/messages.ts';
import { violations } from '../harness/violations.ts';
import { chart, compareTests, snapshotOf } from './comparePage.ts';
import { churnVersions, manyVersions, twoModels, version } from './compareVersions.ts';
import { webviewThemes, type WebviewThemeName } from './themes.ts';

vi.mock('vscode', () => import('./fakeVscode.ts'));

const show = compareTests();
const themes = Object.keys(webviewThemes) as WebviewThemeName[];

describe.each(themes)('in the %s theme', (theme) => {
  test.each([1200, 420])('is whole and accessible at a width of %i', async (width) => {
    const { page, screenshot, errors } = await show({ theme, width });
    await page.getByRole('heading', { name: '8 versions compared' }).waitFor();
    await expect.poll(() => page.locator('canvas').count()).toBe(4);
    await screenshot(`compare-${width}`);
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    await expect.poll(() => violations(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  test('tells the lines of several models apart', async () => {
    const { page, screenshot, errors } = await show({ theme, snapshot: () => snapshotOf(twoModels) });
    await page.getByRole('list', { name: 'Models' }).waitFor();
    await expect(page.getByRole('list', { name: 'Models' }).locator('li').allInnerTexts()).resolves.toEqual([
      expect.stringContaining('● churn.onnx'),
      expect.stringContaining('▲ spam.safetensors'),
    ]);
    await chart(page, 'accuracy').focus();
    await page.keyboard.press('End');
    await chart(page, 'accuracy').locator('canvas').waitFor();
    await screenshot('compare-models');
    await expect.poll(() => violations(page)).toEqual([]);
    expect(errors).toEqual([]);
  });
});

test.each([
  [45, '8 of 45 versions compared', 'Compare All 45', 45],
  [2500, '8 of 2,500 versions compared', 'Compare the Newest 1,000', 1000],
])('of %i versions says that not all are compared, and takes more', async (total, title, button, taken) => {
  const { page, newest, screenshot } = await show({
    snapshot: () => ({ ...snapshotOf(churnVersions), total }),
  });
  await page.getByRole('heading', { name: title }).waitFor();
  await screenshot(`compare-newest-${taken}`, false);
  await page.getByRole('button', { name: button }).click();
  await expect.poll(() => newest).toEqual([[snapshotOf(churnVersions).versions[0]?.key, taken]]);
});

test('shows what changed as it changes, and ignores what does not fit the contract', async () => {
  const { page, server, errors, sendRaw } = await show({
    snapshot: () => snapshotOf(churnVersions.slice(0, 2)),
  });
  await page.getByRole('heading', { name: '2 versions compared' }).waitFor();
  await sendRaw({ session: 'another', message: { t: 'event', name: 'changed', value: snapshotOf([]) } });
  server.emit('changed', { versions: 'none' } as unknown as CompareSnapshot);
  await expect.poll(() => errors.join()).toContain('Bad event changed');
  server.emit('changed', snapshotOf(churnVersions.slice(0, 3)));
  await page.getByRole('heading', { name: '3 versions compared' }).waitFor();
});

test('where it is narrow, the baseline is read whole', async () => {
  const models = ['checkpoint-500', 'checkpoint-1000'].map((model) => version(1, { model }));
  const { page, screenshot } = await show({ width: 400, snapshot: () => snapshotOf(models) });
  const baseline = page.getByRole('combobox', { name: 'Baseline' });
  await baseline.waitFor();
  await screenshot('compare-narrow-baseline', false);
  const lacking = await baseline.evaluate((field) => {
    const whole = document.body.appendChild(field.cloneNode(true)) as HTMLElement;
    whole.style.position = 'absolute';
    return whole.offsetWidth - (field as HTMLElement).offsetWidth;
  });
  expect(lacking).toBeLessThanOrEqual(0);
});

describe('with nothing to show', () => {
  test('says how to check versions', async () => {
    const { page, screenshot } = await show({ snapshot: () => snapshotOf([]) });
    await page.getByRole('heading', { name: 'No versions to compare yet' }).waitFor();
    await screenshot('compare-empty');
    await expect.poll(() => violations(page)).toEqual([]);
  });

  test('says how to add metrics, and shows the params all the same', async () => {
    const versions = [version(1, { params: { seed: 1 } }), version(2, { params: { seed: 2 } })];
    const { page, screenshot } = await show({ snapshot: () => snapshotOf(versions) });
    await page.getByRole('heading', { name: 'These versions have no metrics' }).waitFor();
    await page.getByRole('row', { name: /^seed/ }).waitFor();
    await screenshot('compare-no-metrics');
    await expect.poll(() => violations(page)).toEqual([]);
  });

  test('says why loading failed and tries again', async () => {
    let fail = true;
    const { page } = await show({
      snapshot() {
        if (fail) throw new Error('the trail is closed');
        return snapshotOf(churnVersions);
      },
    });
    await page.getByText('The versions could not be loaded: the trail is closed').waitFor();
    fail = false;
    await page.getByRole('button', { name: 'Try Again' }).click();
    await page.getByRole('heading', { name: '8 versions compared' }).waitFor();
  });
});

test('of 1,000 versions and 50 metrics, makes only what is near the view', async () => {
  const snapshot = snapshotOf(manyVersions(1000, 50));
  const { page, screenshot } = await show({ snapshot: () => snapshot });
  const drawn = () => page.locator('canvas').count();
  await page.getByRole('table').waitFor();
  await expect.poll(drawn).toBeGreaterThan(0);
  await expect.poll(() => drawn()).toBeLessThan(25);
  await expect.poll(() => page.locator('td').count()).toBeLessThan(2500);
  await screenshot('compare-many', false);

  await page.locator('.card').last().scrollIntoViewIfNeeded();
  await expect.poll(() => page.locator('.card').last().locator('canvas').count()).toBe(1);
  await expect.poll(() => page.locator('.card').first().locator('canvas').count()).toBe(0);

  const table = page.getByRole('region', { name: 'Metrics and params of each version' });
  await table.evaluate((element) => element.scrollTo({ left: element.scrollWidth }));
  await page.getByRole('button', { name: 'Use v1000 as the baseline' }).click();
  await expect.poll(() => page.getByRole('combobox').inputValue()).toBe('999');
});
