import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tryLock } from '../../src/files/tryLock.ts';

let folder: string;
let lock: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'modeltrail-lock-'));
  lock = path.join(folder, 'store/index.lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a lock', () => {
  it('is held by one at a time', async () => {
    const taken = await Promise.all(Array.from({ length: 10 }, () => tryLock(lock)));
    const [release, ...others] = taken.filter((release) => release !== undefined);
    expect(others).toEqual([]);
    await release?.();
    expect(await readdir(path.dirname(lock))).toEqual([]);
    await (
      await tryLock(lock)
    )?.();
  });

  it('of a process that is gone does not count, and only one takes it over', async () => {
    const release = await tryLock(lock);
    const ofThisProcess = await readFile(lock, 'utf8');
    await release?.();
    await writeFile(lock, ofThisProcess.replace(String(process.pid), '999999999'));
    const taken = await Promise.all(Array.from({ length: 10 }, () => tryLock(lock)));
    expect(taken.filter((release) => release !== undefined)).toHaveLength(1);
  });

  it('of another machine counts as long as it is touched', async () => {
    await (
      await tryLock(lock)
    )?.();
    await writeFile(lock, '1 another-machine token\n');
    expect(await tryLock(lock)).toBeUndefined();
    const longAgo = Date.now() / 1000 - 11;
    await utimes(lock, longAgo, longAgo);
    const release = await tryLock(lock);
    expect(release).toBeDefined();
    await release?.();
  });

  it('from the future does not count: the clock of the disk was set back', async () => {
    await (
      await tryLock(lock)
    )?.();
    await writeFile(lock, '1 another-machine token\n');
    const nextMonth = Date.now() / 1000 + 30 * 86_400;
    await utimes(lock, nextMonth, nextMonth);
    const release = await tryLock(lock);
    expect(release).toBeDefined();
    await release?.();
  });

  it('of another machine counts although the clocks of the two are an hour apart', async () => {
    const release = await tryLock(lock);
    const hour = 3_600_000;
    try {
      for (const difference of [hour, -hour]) {
        vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + difference });
        expect(await tryLock(lock)).toBeUndefined();
        vi.useRealTimers();
      }
    } finally {
      vi.useRealTimers();
      await release?.();
    }
  });

  it('of a process in another container counts although there is no such process here', async () => {
    const release = await tryLock(lock);
    const ofThisProcess = await readFile(lock, 'utf8');
    await release?.();
    await writeFile(lock, ofThisProcess.replace(String(process.pid), '999999999').replace(/\[\d+\]/, '[1]'));
    // Outside Linux nothing tells containers apart.
    expect(await tryLock(lock)).toEqual(/\[\d+\]/.test(ofThisProcess) ? undefined : expect.any(Function));
  });

  it('that somebody else has taken over is not released by its first holder', async () => {
    const first = await tryLock(lock);
    const longAgo = Date.now() / 1000 - 11;
    await utimes(lock, longAgo, longAgo);
    const second = await tryLock(lock);
    expect(second).toBeDefined();
    await first?.();
    expect(await tryLock(lock)).toBeUndefined();
    await second?.();
  });
});
