import type * as fileSystem from 'node:fs/promises';
import { link, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tryLock } from '../../src/files/tryLock.ts';

// The real calls, so that something can happen between two of them.
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof fileSystem>();
  return { ...real, rename: vi.fn(real.rename), link: vi.fn(real.link) };
});

let folder: string;
let lock: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'modeltrail-lock-'));
  lock = path.join(folder, 'index.lock');
});
afterEach(async () => {
  vi.mocked(link).mockReset();
  await rm(folder, { recursive: true, force: true });
});

describe('a lock that was taken over a moment before somebody else does so', () => {
  it.each(['with', 'without'])('stays with who was first, on a disk %s hard links', async (kind) => {
    await writeFile(lock, '1 another-machine old\n');
    const longAgo = Date.now() / 1000 - 11;
    await utimes(lock, longAgo, longAgo);
    vi.mocked(rename).mockImplementationOnce(async (from, to) => {
      await rm(lock);
      await writeFile(lock, '2 another-machine new\n');
      await rename(from, to);
    });
    if (kind === 'without')
      vi.mocked(link).mockRejectedValue(Object.assign(new Error('no links here'), { code: 'EPERM' }));
    expect(await tryLock(lock)).toBeUndefined();
    expect(await readFile(lock, 'utf8')).toBe('2 another-machine new\n');
    expect(await readdir(folder)).toEqual(['index.lock']);
  });
});
