import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { makeTestRepository, tinySafetensors } from '../harness/testRepository.ts';
import { allThemes, type Workbench } from '../harness/workbench.ts';
import { temporaryFolder, workbenchTests } from '../harness/workbenchTests.ts';

let folder: string;
let workbench: Workbench;

workbenchTests(
  () => makeTestRepository(temporaryFolder()),
  (opened) => ({ folder, workbench } = opened),
);

it.each(allThemes)('shows the models of the folder in its own container (%s)', async (theme) => {
  await workbench.setTheme(theme);
  await workbench.showContainer('Modeltrail');
  const row = workbench.view('Models').getByRole('treeitem', { name: /^Model .*tiny.safetensors/ });
  await row.waitFor();
  await workbench.screenshot('smoke');
  await expect.poll(() => row.count()).toBe(1);
});

it('opens the only model by itself, with its metrics in sight, and leaves it closed when the user closes it', async () => {
  const models = workbench.view('Models');
  const version = models.getByRole('treeitem', { name: /^Version .* Train for longer/ });
  await version.waitFor();
  await expect.poll(() => version.innerText()).toMatch(/Train for….*0\.9 ▲ f1/s);
  const row = models.getByRole('treeitem', { name: /^Model models/ });
  await row.locator('.monaco-tl-twistie').click();
  await version.waitFor({ state: 'detached' });
  writeFileSync(path.join(folder, 'models/tiny.safetensors'), tinySafetensors([7]));
  await models.getByRole('treeitem', { name: /^Model .* changed$/ }).waitFor();
  await expect.poll(() => row.getAttribute('aria-expanded')).toBe('false');
});
