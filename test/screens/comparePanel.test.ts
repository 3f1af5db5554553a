import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { compareSnapshot, keyOf } from '../../src/editor/panels/compareSnapshot.ts';
import { compareStrings } from '../../src/editor/panels/compareStrings.ts';
import {
  compareContract,
  type CompareSnapshot,
  type VersionKey,
} from '../../src/webview/compare/messages.ts';
import { launchChromium } from '../harness/chromium.ts';
import { churnVersions, manyVersions, twoModels, version } from './compareVersions.ts';
import { webviewThemes, type WebviewThemeName } from './themes.ts';
import { type OpenWebview, openWebview, serveBundle, type ServedBundle } from './webviewPage.ts';

vi.mock('vscode', () => ({ l10n: { t: (message: string) => message } }));

let browser: Browser;
let bundle: ServedBundle;
let open: OpenWebview<typeof compareContract> | undefined;

beforeAll(async () => {
  [browser, bundle] = await Promise.all([launchChromium(), serveBundle('compare')]);
});
afterAll(async () => {
  await browser?.close();
  await bundle?.close();
});
afterEach(async () => {
  open?.server.dispose();
  await open?.page.context().close();
  open = undefined;
});

const themes = Object.keys(webviewThemes) as WebviewThemeName[];

interface Show {
  readonly theme?: WebviewThemeName;
  readonly width?: number;
  readonly snapshot?: () => CompareSnapshot | Promise<CompareSnapshot>;
}

async function show({ snapshot = () => snapshotOf(churnVersions), ...options }: Show = {}) {
  const revealed: VersionKey[] = [];
  const copied: string[] = [];
  const diffs: (readonly [VersionKey, VersionKey])[] = [];
  open = await openWebview(browser, bundle, {
    contract: compareContract,
    handlers: {
      strings: compareStrings,
      snapshot,
      reveal: (key) => void revealed.push(key),
      diff: (a, b) => void diffs.push([a, b]),
      copy: (text) => void copied.push(text),
    },
    ...options,
  });
  return { ...open, revealed, copied, diffs };
}

function snapshotOf(versions: Parameters<typeof compareSnapshot>[1]): CompareSnapshot {
  return compareSnapshot(versions.map(keyOf), versions);
}

const chart = (page: Page, metric: string) =>
  page.getByRole('application', { name: new RegExp(`^${metric}:`) });
const announced = (page: Page) => page.locator('[aria-live=polite]');
const cell = (page: Page, row: string, column: number) =>
  page
    .getByRole('row', { name: new RegExp(`^${row}`) })
    .locator('td')
    .nth(column);

async function violations(page: Page): Promise<unknown[]> {
  const results = await new AxeBuilder({ page }).analyze();
  return results.violations.map(({ id, nodes }) => [id, nodes.map((node) => node.failureSummary)]);
}

describe.each(themes)('in the %s theme', (theme) => {
  test.each([1200, 420])('is whole and accessible at a width of %i', async (width) => {
    const { page, screenshot, errors } = await show({ theme, width });
    await page.getByRole('heading', { name: '8 versions compared' }).waitFor();
    await expect.poll(() => page.locator('canvas').count()).toBe(4);
    await screenshot(`compare-${width}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    expect(await violations(page)).toEqual([]);
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
    expect(await violations(page)).toEqual([]);
    expect(errors).toEqual([]);
  });
});

test('the arrow keys read a chart point by point, and Enter shows the version in the tree', async () => {
  const { page, revealed, screenshot } = await show();
  await chart(page, 'accuracy').focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => announced(page).innerText()).toContain('v1. accuracy: 0.874');
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => announced(page).innerText()).toContain('v7');
  await expect.poll(() => announced(page).innerText()).toMatch(/against v1: ▲ \+0\.0\d+ .*, better/);
  await screenshot('compare-keyboard', false);
  await page.keyboard.press('Enter');
  await expect.poll(() => revealed).toEqual([keyOf(churnVersions[6] ?? version(0))]);
  await expect.poll(() => page.locator('th.selected').innerText()).toContain('v7');
});

test('a click on a chart shows the nearest version in the tree', async () => {
  const { page, revealed, screenshot } = await show();
  const box = await chart(page, 'loss').boundingBox();
  if (!box) throw new Error('The chart is not there.');
  await page.mouse.move(box.x + box.width - 30, box.y + box.height / 2);
  await screenshot('compare-hover', false);
  await page.mouse.click(box.x + box.width - 30, box.y + box.height / 2);
  await expect.poll(() => revealed).toEqual([keyOf(churnVersions[7] ?? version(0))]);
});

test('the baseline is chosen from a header or the list, and comes back with the window', async () => {
  const { page } = await show();
  const versions = page.getByRole('combobox', { name: 'Baseline' });
  await page.getByRole('button', { name: 'Use v3 as the baseline' }).click();
  await expect.poll(() => versions.inputValue()).toBe('2');
  await expect.poll(() => cell(page, 'accuracy', 2).locator('.delta').count()).toBe(0);
  await versions.selectOption({ label: 'v4 · champion' });
  await expect.poll(() => page.getByRole('button', { name: 'v4 is the baseline' }).count()).toBe(1);
  await page.getByRole('searchbox', { name: 'Filter by name' }).fill('acc');
  const cards = () => page.locator('.card h2').allInnerTexts();
  await expect.poll(cards).toEqual(['accuracy']);
  await page.reload();
  await expect.poll(() => page.getByRole('button', { name: 'v4 is the baseline' }).count()).toBe(1);
  expect(await cards()).toEqual(['accuracy']);
});

test('says in words what is best, better and worse', async () => {
  const { page } = await show();
  await expect.poll(() => cell(page, 'accuracy', 6).textContent()).toMatch(/^0\.9312, best▲ .*, better$/);
  expect(await cell(page, 'loss', 5).textContent()).toMatch(/▲ .*, worse$/);
  expect(await page.getByRole('row', { name: 'learning_rate' }).locator('th').innerText()).toContain(
    'The versions differ in this param.',
  );
});

test('a metric of one version shows its value, one without a finite value says so', async () => {
  const { page } = await show();
  const card = (name: string) => page.locator('.card').filter({ has: page.getByText(name, { exact: true }) });
  await expect.poll(() => card('holdout/f1').innerText()).toContain('0.887');
  expect(await card('holdout/f1').innerText()).toContain('Only v8 has this metric.');
  expect(await card('diverged_loss').innerText()).toContain('No version has a finite number here.');
  expect(await card('holdout/f1').locator('canvas').count()).toBe(0);
});

test('charts take the colours of a new theme at once', async () => {
  const { page, setTheme } = await show({ theme: 'dark' });
  const picture = () =>
    page
      .locator('canvas')
      .first()
      .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  await page.locator('canvas').first().waitFor();
  const before = await picture();
  await setTheme('light');
  await expect.poll(picture).not.toBe(before);
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

test('copies the table as Markdown and as CSV', async () => {
  const { page, copied } = await show({ snapshot: () => snapshotOf(churnVersions.slice(0, 2)) });
  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  await page.getByRole('status').getByText('Copied').waitFor();
  await page.getByRole('button', { name: 'Copy as CSV' }).click();
  await expect.poll(() => copied.length).toBe(2);
  expect(copied[0]).toContain('| accuracy | 0.874 | **0.8861** (+0.0121) |');
  expect(copied[1]).toContain('accuracy,0.874,0.8861\r\n');
});

describe('with nothing to show', () => {
  test('says how to check versions', async () => {
    const { page, screenshot } = await show({ snapshot: () => snapshotOf([]) });
    await page.getByRole('heading', { name: 'No versions to compare yet' }).waitFor();
    await screenshot('compare-empty');
    expect(await violations(page)).toEqual([]);
  });

  test('says how to add metrics, and shows the params all the same', async () => {
    const versions = [version(1, { params: { seed: 1 } }), version(2, { params: { seed: 2 } })];
    const { page, screenshot } = await show({ snapshot: () => snapshotOf(versions) });
    await page.getByRole('heading', { name: 'These versions have no metrics' }).waitFor();
    await page.getByRole('row', { name: /^seed/ }).waitFor();
    await screenshot('compare-no-metrics');
    expect(await violations(page)).toEqual([]);
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
  expect(await drawn()).toBeLessThan(25);
  expect(await page.locator('td').count()).toBeLessThan(2500);
  await screenshot('compare-many', false);

  await page.locator('.card').last().scrollIntoViewIfNeeded();
  await expect.poll(() => page.locator('.card').last().locator('canvas').count()).toBe(1);
  await expect.poll(() => page.locator('.card').first().locator('canvas').count()).toBe(0);

  const table = page.getByRole('region', { name: 'Metrics and params of each version' });
  await table.evaluate((element) => element.scrollTo({ left: element.scrollWidth }));
  await page.getByRole('button', { name: 'Use v1000 as the baseline' }).click();
  await expect.poll(() => page.getByRole('combobox').inputValue()).toBe('999');

  await page.reload();
  const ready = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const check = (): void => {
          if (document.querySelector('canvas') && document.querySelector('table'))
            requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
          else requestAnimationFrame(check);
        };
        check();
      }),
  );
  console.log(
    `compare panel, 1,000 versions x 50 metrics: interactive ${Math.round(ready)} ms after navigation`,
  );
});
