import { expect, it } from 'vitest';
import { makeTestRepository } from '../harness/testRepository.ts';
import type { Workbench } from '../harness/workbench.ts';
import { temporaryFolder, workbenchTests } from '../harness/workbenchTests.ts';

let workbench: Workbench;

workbenchTests(
  () => makeTestRepository(temporaryFolder()),
  (opened) => ({ workbench } = opened),
  { workspaceTrust: true },
);

it('in Restricted Mode lists the models, and says what is not shown and cannot be done', async () => {
  await workbench.showContainer('Modeltrail');
  const models = workbench.view('Models');
  const row = models.getByRole('treeitem', { name: 'Model models/tiny.safetensors, history not shown' });
  await row.waitFor();
  await models.getByText('Restricted Mode: versions in Git history do not show').waitFor();
  await workbench.expand(workbench.row('tiny.safetensors'));
  await models.getByRole('treeitem', { name: /^Working copy of/ }).waitFor();
  await workbench.screenshot('restricted');
  await expect.poll(() => models.getByRole('treeitem', { name: /^Version/ }).count()).toBe(0);
});

it('shows the versions in Git history once the folder is trusted', async () => {
  await workbench.view('Activity').getByRole('button', { name: 'Manage Workspace Trust' }).click();
  await workbench.page.getByRole('button', { name: 'Trust', exact: true }).first().click();
  const models = workbench.view('Models');
  await models.getByRole('treeitem', { name: /^Version .* Train for longer/ }).waitFor();
  await models.getByText('Restricted Mode').waitFor({ state: 'detached' });
});
