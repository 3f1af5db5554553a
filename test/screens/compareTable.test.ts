import type { Page } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import { compareTests, snapshotOf } from './comparePage.ts';
import { churnVersions } from './compareVersions.ts';

vi.mock('vscode', () => import('./fakeVscode.ts'));

const show = compareTests();
const cell = (page: Page, row: string, column: number) =>
  page
    .getByRole('row', { name: new RegExp(`^${row}`) })
    .locator('td')
    .nth(column);

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
  await expect.poll(() => cards()).toEqual(['accuracy']);
});

test('says in words what is best, better and worse', async () => {
  const { page } = await show();
  await expect.poll(() => cell(page, 'accuracy', 6).textContent()).toMatch(/^0\.9312, best▲ .*, better$/);
  await expect.poll(() => cell(page, 'loss', 5).textContent()).toMatch(/▲ .*, worse$/);
  await expect
    .poll(() => page.getByRole('row', { name: 'learning_rate' }).locator('th').innerText())
    .toContain('The versions differ in this param.');
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
