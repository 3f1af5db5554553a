import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { extensionUnderTest } from '../harness/extensionUnderTest.ts';
import { makeTestRepository } from '../harness/testRepository.ts';
import { allThemes, openWorkbench, type Workbench } from '../harness/workbench.ts';

let folder: string;
let workbench: Workbench;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mt-smoke-'));
  makeTestRepository(folder);
  workbench = await openWorkbench({ folder, ...extensionUnderTest() });
});

afterAll(async () => {
  await workbench?.close();
  await rm(folder, { recursive: true, force: true });
});

it.each(allThemes)('shows the models of the folder in its own container (%s)', async (theme) => {
  await workbench.setTheme(theme);
  await workbench.showContainer('Modeltrail');
  const row = workbench.view('Models').getByRole('treeitem', { name: 'tiny.safetensors' });
  await row.waitFor();
  await workbench.screenshot('smoke');
  expect(await row.count()).toBe(1);
});
