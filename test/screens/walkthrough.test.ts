import { expect, it } from 'vitest';
import { makeTestRepository } from '../harness/testRepository.ts';
import type { Workbench } from '../harness/workbench.ts';
import { temporaryFolder, workbenchTests } from '../harness/workbenchTests.ts';

let workbench: Workbench;

workbenchTests(
  () => makeTestRepository(temporaryFolder()),
  async (opened) => {
    ({ workbench } = opened);
    await workbench.showContainer('Modeltrail');
    await workbench.row('tiny.safetensors').waitFor();
  },
);

it('ticks off that the versions were seen, also where the list was there before the walkthrough', async () => {
  await workbench.runCommand('Welcome: Open Walkthrough...');
  await workbench.quickInput.pick(/walkthrough/i, 'Get started with Modeltrail');
  const step = workbench.page.locator('.getting-started-step', { hasText: 'See the versions' });
  await step.getByRole('button', { name: 'Open Models' }).click();
  await expect.poll(() => step.locator('.codicon-getting-started-step-checked').count()).toBe(1);
});
