import type { Page } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import { keyOf } from '../../src/editor/panels/compareSnapshot.ts';
import { chart, compareTests, snapshotOf } from './comparePage.ts';
import { churnVersions, version } from './compareVersions.ts';

vi.mock('vscode', () => import('./fakeVscode.ts'));

const show = compareTests();
const announced = (page: Page) => page.locator('[aria-live=polite]');

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

test('the version that is pointed at stays so when an older one is checked, and is none when it is unchecked', async () => {
  const [oldest, ...others] = [1, 2, 3, 4].map((n) => version(n, { metrics: { accuracy: n / 10 } }));
  if (!oldest) throw new Error('There are four.');
  const { page, server, revealed } = await show({ snapshot: () => snapshotOf(others) });
  const card = page.locator('.card');
  await chart(page, 'accuracy').focus();
  await page.keyboard.press('End');
  await expect.poll(() => card.innerText()).toContain('v4');
  server.emit('changed', snapshotOf([oldest, ...others]));
  await expect.poll(() => page.locator('h1').innerText()).toContain('4');
  await expect.poll(() => card.innerText()).toContain('v4');
  await page.keyboard.press('Enter');
  await expect.poll(() => revealed).toEqual([keyOf(version(4))]);

  server.emit('changed', snapshotOf([oldest, ...others.slice(0, 2)]));
  await expect.poll(() => page.locator('h1').innerText()).toContain('3');
  await expect.poll(() => page.locator('.pointer').isHidden()).toBe(true);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await expect.poll(() => revealed.slice(1)).toEqual([keyOf(version(3))]);
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

test('a metric of one version shows its value, one without a finite value says so', async () => {
  const { page } = await show();
  const card = (name: string) => page.locator('.card').filter({ has: page.getByText(name, { exact: true }) });
  await expect.poll(() => card('holdout/f1').innerText()).toContain('0.887');
  await expect.poll(() => card('holdout/f1').innerText()).toContain('Only v8 has this metric.');
  await expect
    .poll(() => card('diverged_loss').innerText())
    .toContain('No version has a finite number here.');
  await expect.poll(() => card('holdout/f1').locator('canvas').count()).toBe(0);
});

/** Has what is drawn as text kept, which nobody can ask a canvas for. */
function keepTexts(): void {
  const drawn: string[] = [];
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...at) {
    drawn.push(text);
    fillText.call(this, text, ...at);
  };
  Object.assign(window, { drawn });
}

test.each([
  ['auc', 0.98121, 0.00001],
  ['perplexity', 12_345.1, 0.1],
  ['accuracy', 0.5, 0.1],
])('no two lines of the axis of %s have the same label', async (metric, from, step) => {
  const versions = [1, 2, 3, 4].map((n) => version(n, { metrics: { [metric]: from + n * step } }));
  const { page } = await show({ snapshot: () => snapshotOf(versions) });
  await page.addInitScript(keepTexts);
  await page.reload();
  await page.locator('canvas').waitFor();
  const drawn = () => page.evaluate(() => (window as unknown as { drawn: string[] }).drawn);
  await expect.poll(drawn).toContain('v4');
  const labels = (await drawn()).filter((text) => /^[\d.,]+$/.test(text));
  const once = new Set(labels);
  expect(once.size).toBeGreaterThan(2);
  // Every line has been drawn as often as the chart.
  for (const label of once)
    expect(labels.filter((other) => other === label).length).toBe(labels.length / once.size);
});

/** Has the patterns of what is drawn with dashes kept. */
function keepDashes(): void {
  const dashes: string[] = [];
  const { setLineDash } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.setLineDash = function (pattern) {
    if ([...pattern].length > 0) dashes.push(String(pattern));
    setLineDash.call(this, pattern);
  };
  Object.assign(window, { dashes });
}

test.each([
  ['is dashed where a version of its model', 'models/churn.onnx', 2],
  ['is whole where only a version of another model', 'models/spam.safetensors', 1],
])('a line %s between its points has no value', async (_, model, kinds) => {
  const measured = (n: number) => version(n, { metrics: { accuracy: n / 10 } });
  const versions = [measured(1), version(2, { model }), measured(3)];
  const { page } = await show({ snapshot: () => snapshotOf(versions) });
  await page.addInitScript(keepDashes);
  await page.reload();
  await page.locator('canvas').waitFor();
  const drawn = () => page.evaluate(() => new Set((window as unknown as { dashes: string[] }).dashes).size);
  // The line of the baseline is dashed in any case.
  await expect.poll(drawn).toBe(kinds);
});

test.each([
  ['does not go', 'no', 0.009, false],
  ['goes', 'a', -0.009, true],
])('the axis %s below zero where %s value is negative', async (_goes, _what, least, isBelow) => {
  const losses = [least, 0.55, 0.06, 0.35, 0.03];
  const versions = losses.map((loss, n) => version(n + 1, { metrics: { loss } }));
  const { page } = await show({ snapshot: () => snapshotOf(versions) });
  await page.addInitScript(keepTexts);
  await page.reload();
  await page.locator('canvas').waitFor();
  const drawn = () => page.evaluate(() => (window as unknown as { drawn: string[] }).drawn);
  await expect.poll(drawn).toContain('v5');
  expect(await drawn()).toContain('0.2');
  expect((await drawn()).some((text) => /^[-−]/.test(text))).toBe(isBelow);
});

test('checkpoints of one run are told apart on the axis and at the best', async () => {
  const versions = [0.5, 0.7, 0.9].map((accuracy, epoch) =>
    version(1, { model: `runs/epoch_00${epoch + 1}.safetensors`, metrics: { accuracy } }),
  );
  const { page, screenshot } = await show({ snapshot: () => snapshotOf(versions) });
  await page.addInitScript(keepTexts);
  await page.reload();
  await page.locator('canvas').waitFor();
  const drawn = () => page.evaluate(() => (window as unknown as { drawn: string[] }).drawn);
  await expect.poll(drawn).toEqual(expect.arrayContaining(['● 001', '▲ 002', '■ 003', '003 best']));
  await screenshot('compare-checkpoints', false);
});

test('a language has its own order of words beside the best and the baseline', async () => {
  const translations = {
    Baseline: 'Bezugspunkt',
    '{0} baseline': 'Bezugspunkt ist {0}',
    '{0} best': 'Beste ist {0}',
  };
  const { page } = await show({ translations });
  await page.addInitScript(keepTexts);
  await page.reload();
  const summary = page.locator('.card', { hasText: 'accuracy' }).locator('.summary');
  await expect
    .poll(() => summary.innerText())
    .toMatch(/0\.9312 Beste ist v7 .*\n+.*0\.874 Bezugspunkt ist v1/);
  const drawn = () => page.evaluate(() => (window as unknown as { drawn: string[] }).drawn);
  await expect.poll(drawn).toContain('Beste ist v7');
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
