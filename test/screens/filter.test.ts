import { expect, it } from 'vitest';
import { makeDemo } from '../../scripts/demo.ts';
import type { Workbench } from '../harness/workbench.ts';
import { temporaryFolder, workbenchTests } from '../harness/workbenchTests.ts';
import { rowOfModel } from './modelRows.ts';

// The filter of the Models view, as a user has it.

let workbench: Workbench;

workbenchTests(
  () => makeDemo(temporaryFolder()),
  async (opened) => {
    ({ workbench } = opened);
    await workbench.showContainer('Modeltrail');
    await rowOfModel(workbench, 'digits.safetensors').waitFor();
  },
);

const versions = () => workbench.view('Models').getByRole('treeitem', { name: /^Version / });

/** A picture with the buttons of the view's title, which show while the pointer is in the view, and no tooltip over it. */
async function showView(name: string): Promise<void> {
  const rows = await workbench.view('Models').locator('.pane-body').boundingBox();
  if (rows) await workbench.page.mouse.move(rows.x + rows.width / 2, rows.y + rows.height - 10);
  await workbench.screenshots(name);
}

/** The press of the button of the view's title. */
async function openBox(): Promise<void> {
  await workbench.pressAction(workbench.view('Models'), 'Filter Versions...');
  await workbench.quickInput.waitFor('Words that must all hold');
}

it('says while one types which part makes no sense', async () => {
  await openBox();
  await workbench.page.keyboard.type('stage:production accuracy>high');
  await workbench.quickInput.waitFor('"high" in accuracy>high is not a number such as 0.9.');
  await workbench.screenshots('filter-1-problem');
  await workbench.page.keyboard.press('Escape');
});

it('leaves models with such a version, opened, and says how many there are', async () => {
  const all = await workbench
    .view('Models')
    .getByRole('treeitem', { name: /^Model / })
    .count();
  await openBox();
  await workbench.quickInput.type('Words that must all hold', 'stage:production val_f1>0.96');
  await workbench
    .view('Models')
    .getByText(/^\d of \d+ versions: stage:production val_f1>0\.96$/)
    .waitFor();
  await versions().first().waitFor();
  await expect
    .poll(() =>
      workbench
        .view('Models')
        .getByRole('treeitem', { name: /^Model / })
        .count(),
    )
    .toBeLessThan(all);
  for (const name of await versions().evaluateAll((rows) => rows.map((row) => row.ariaLabel)))
    expect(name).toContain('stage production');
  await showView('filter-2-on');
});

it('is there still after a reload, and is what the box begins with', async () => {
  await workbench.reload();
  await workbench.showContainer('Modeltrail');
  await workbench
    .view('Models')
    .getByText(/versions: stage:production val_f1>0\.96$/)
    .waitFor();
  await versions().first().waitFor();
  await openBox();
  const box = workbench.quickInput.widget.locator('input:visible').first();
  await expect.poll(() => box.inputValue()).toBe('stage:production val_f1>0.96');
  await workbench.quickInput.type('Words that must all hold', 'val_f1>0.96 nowhere');
  await workbench
    .view('Models')
    .getByText(/^None of \d+ versions .* nowhere\. "Clear Filter"/)
    .waitFor();
  await showView('filter-3-none');
});

it('is cleared by the button that is there as long as it is on', async () => {
  await workbench.pressAction(workbench.view('Models'), 'Clear Filter');
  await rowOfModel(workbench, 'digits.safetensors').waitFor();
  const clear = workbench.view('Models').getByRole('button', { name: 'Clear Filter' });
  await clear.waitFor({ state: 'detached' });
  await workbench.view('Models').getByText('fits the filter').waitFor({ state: 'detached' });
});
