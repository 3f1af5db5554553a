import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { extensionUnderTest } from './extensionUnderTest.ts';
import { openWorkbench, type Workbench, type WorkbenchOptions } from './workbench.ts';

interface Opened {
  readonly folder: string;
  readonly workbench: Workbench;
}

/**
 * One window for the tests of a file, with the packaged extension, which shows in a screenshot how a test failed.
 * @param makeFolder gives the folder to open, which is removed at the end
 * @param begin is told what there is, and does what all tests go on from
 */
export function workbenchTests(
  makeFolder: () => string | Promise<string>,
  begin: (opened: Opened) => unknown,
  options: Pick<WorkbenchOptions, 'settings' | 'workspaceTrust'> = {},
): void {
  let folder: string | undefined;
  let workbench: Workbench | undefined;
  beforeAll(async () => {
    folder = await makeFolder();
    workbench = await openWorkbench({ folder, ...options, ...extensionUnderTest() });
    await begin({ folder, workbench });
  });
  afterAll(async () => {
    await workbench?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  afterEach(async ({ task }) => {
    const file = path.basename(task.file.name, '.test.ts');
    if (task.result?.state === 'fail') await workbench?.screenshot(`failed-${file}`);
  });
}

export function temporaryFolder(): string {
  return mkdtempSync(path.join(tmpdir(), 'mt-screens-'));
}
