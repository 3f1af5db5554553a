import { readdirSync, statSync } from 'node:fs';
import type * as fileSystem from 'node:fs/promises';
import { open as openFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { age, model, open, record, store, train, workspace } from '../support/trails.ts';
import { safetensors, sha256 } from '../support/workspace.ts';

// Disks that know no owners: nobody may set the time or the mode of a file, also of one that he made himself.

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof fileSystem>();
  return { ...real, utimes: vi.fn(real.utimes) };
});

const refused = () => Promise.reject(Object.assign(new Error('EPERM'), { code: 'EPERM' }));

beforeEach(async () => {
  const { utimes } = await import('node:fs/promises');
  vi.mocked(utimes).mockImplementation(refused);
  const handle = await openFile(import.meta.filename);
  vi.spyOn(Object.getPrototypeOf(handle) as typeof handle, 'chmod').mockImplementation(refused);
  await handle.close();
});
afterEach(() => {
  vi.restoreAllMocks();
});

it('a file is rolled back in a store in which nobody may date a pack, and what it was is kept', async () => {
  const trail = await open();
  const first = await record(trail);
  await record(trail);
  const third = train();
  age();
  const { recorded } = await trail.rollback({ model, version: first }, unattended);
  expect(sha256(workspace.read(model))).toBe(first);
  expect(recorded?.id).toBe(third);
  await trail.rollback({ model, version: third }, unattended);
  expect((await trail.verify({}, unattended)).problems).toEqual([]);
});

it('a pack that is relied on there is dated all the same', async () => {
  const content = safetensors(50_000);
  await record(await open(), content);
  age();
  await record(await open(), content, 'other.safetensors');
  const [pack = '', ...others] = readdirSync(path.join(store(), 'packs'));
  expect(others).toEqual([]);
  expect(Date.now() - statSync(path.join(store(), 'packs', pack)).mtimeMs).toBeLessThan(3_600_000);
});
