import { renameSync } from 'node:fs';
import type * as fileSystem from 'node:fs/promises';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { code, elsewhere, model, open, record, train, workspace } from '../support/trails.ts';
import { sha256 } from '../support/workspace.ts';

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof fileSystem>();
  return { ...real, rename: vi.fn(real.rename), rm: vi.fn(real.rm) };
});

it('undoing a rollback that made the file leaves a checkpoint that is saved just before it is removed', async () => {
  const trail = await open();
  const version = await record(trail);
  const file = path.join(workspace.folder, model);
  renameSync(file, `${file}.away`);
  const { factId } = await trail.rollback({ model, version }, unattended);
  const checkpoint = train(undefined, 'checkpoint', elsewhere);
  let isSaved = false;
  for (const call of [rename, rm] as const) {
    const real = vi.mocked(call).getMockImplementation() as (...args: unknown[]) => Promise<void>;
    vi.mocked(call).mockImplementation(async (...args: unknown[]) => {
      if (args[0] === file && !isSaved) {
        isSaved = true;
        renameSync(path.join(elsewhere.folder, 'checkpoint'), file);
      }
      return real(...args);
    });
  }
  await expect(trail.undo(factId, unattended)).rejects.toEqual(code('refused'));
  expect(isSaved).toBe(true);
  expect(sha256(workspace.read(model))).toBe(checkpoint);
});
