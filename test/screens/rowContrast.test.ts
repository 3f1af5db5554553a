import { AxeBuilder } from '@axe-core/playwright';
import { expect, it } from 'vitest';
import { makeDemo } from '../../scripts/demo.ts';
import { allThemes, type Workbench } from '../harness/workbench.ts';
import { temporaryFolder, workbenchTests } from '../harness/workbenchTests.ts';
import { rowOfModel, rowOfVersion } from './modelRows.ts';

let workbench: Workbench;

workbenchTests(
  () => makeDemo(temporaryFolder()),
  async (opened) => {
    ({ workbench } = opened);
    await workbench.showContainer('Modeltrail');
    await workbench.expand(rowOfModel(workbench, 'digits.safetensors'));
    for (const stage of ['staging', 'production', 'retired'])
      await rowOfVersion(workbench, new RegExp(`stage ${stage}`)).waitFor();
    await workbench
      .view('Activity')
      .getByRole('treeitem', { name: /, undone$/ })
      .waitFor();
  },
);

it.each(allThemes)('every row can be read, whatever its stage, tags and state (%s)', async (theme) => {
  await workbench.setTheme(theme);
  await workbench.screenshot('rows');
  await expect.poll(() => faint(workbench)).toEqual([]);
});

it('shows tags as text before what they are of', async () => {
  const row = rowOfVersion(workbench, /tagged 1\.1\.0 and champion/);
  await expect.poll(() => row.innerText()).toContain('[1.1.0, champion] v11');
  await expect.poll(() => row.locator('.highlight').count()).toBe(0);
});

/** The texts of rows with less contrast than 4.5 : 1. */
async function faint({ page }: Workbench): Promise<string[]> {
  const builder = new AxeBuilder({ page }).include('.part.sidebar .pane-body').withRules(['color-contrast']);
  // Else it would open a page of its own beside this one, which shares no context with others.
  const { violations } = await builder.setLegacyMode().analyze();
  return violations.flatMap(({ nodes }) =>
    nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`),
  );
}
