import { expect, it } from 'vitest';
import { makeTestRepository } from '../harness/testRepository.ts';
import { allThemes, type Workbench } from '../harness/workbench.ts';
import { temporaryFolder, workbenchTests } from '../harness/workbenchTests.ts';

let workbench: Workbench;

workbenchTests(
  () => makeTestRepository(temporaryFolder()),
  (opened) => ({ workbench } = opened),
);

it.each(allThemes)('shows the models of the folder in its own container (%s)', async (theme) => {
  await workbench.setTheme(theme);
  await workbench.showContainer('Modeltrail');
  const row = workbench.view('Models').getByRole('treeitem', { name: 'tiny.safetensors' });
  await row.waitFor();
  await workbench.screenshot('smoke');
  await expect.poll(() => row.count()).toBe(1);
});
