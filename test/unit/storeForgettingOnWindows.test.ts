import type * as fileSystem from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { at, filesIn, store, workspace } from '../support/contentStore.ts';

// What matters of Windows here: a file that is read-only cannot be replaced.
vi.hoisted(() => Object.defineProperty(process, 'platform', { value: 'win32' }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof fileSystem>();
  const rename: typeof real.rename = async (from, to) => {
    const there = await real.stat(to).catch(() => undefined);
    if (there && (there.mode & 0o200) === 0) throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
    await real.rename(from, to);
  };
  return { ...real, rename };
});

it('a content that was recorded again before it was forgotten for good can be forgotten again', async () => {
  const id = workspace.write('m.pt', randomBytes(1000));
  const unwanted = async () => (): boolean => false;
  for (let time = 0; time < 2; time++) {
    await store.put(at('m.pt'), unattended);
    expect(await store.forget([id], unwanted)).toEqual([id]);
  }
  await store.put(at('m.pt'), unattended);
  expect(await store.recover(id)).toBe(true);
  expect(await store.check(id, unattended)).toBe('ok');
  await store.forget([id], unwanted);
  await store.finishForgetting(unwanted);
  expect(filesIn(at('store/recipes'))).toEqual([]);
});
