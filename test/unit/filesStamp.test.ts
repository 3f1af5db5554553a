import { appendFile, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Progress, unattended } from '../../src/core/operation.ts';
import { hashFile } from '../../src/files/hash.ts';
import { isUntouched, sameStamp, stampOf, waitUntilStill } from '../../src/files/stamp.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'modeltrail-stamp-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const at = (name: string): string => path.join(folder, name);

describe('the stamp of a file', () => {
  it('is the same until the file changes, through a symbolic link too', async () => {
    await writeFile(at('m.pt'), 'one');
    await symlink('m.pt', at('latest.pt'));
    const before = await stampOf(at('m.pt'));
    expect(sameStamp(before, await stampOf(at('latest.pt')))).toBe(true);
    await appendFile(at('m.pt'), 'more');
    expect(sameStamp(before, await stampOf(at('m.pt')))).toBe(false);
  });

  it('sees a change within the same millisecond of the same size', async () => {
    await writeFile(at('m.pt'), 'one');
    await utimes(at('m.pt'), 1000, 1000.0001);
    const before = await stampOf(at('m.pt'));
    await utimes(at('m.pt'), 1000, 1000.0002);
    expect(sameStamp(before, await stampOf(at('m.pt')))).toBe(false);
  });

  it('says what is there when it is no file', async () => {
    await mkdir(at('dir.pt'));
    await symlink('nowhere', at('broken.pt'));
    await symlink('loop.pt', at('loop.pt'));
    await expect(stampOf(at('dir.pt'))).rejects.toMatchObject({
      code: 'refused',
      message: `${at('dir.pt')} is a directory, not a model file.`,
    });
    for (const name of ['broken.pt', 'loop.pt']) {
      await expect(stampOf(at(name))).rejects.toMatchObject({
        code: 'refused',
        message: expect.stringContaining('broken symbolic link'),
      });
    }
    await expect(stampOf(at('none.pt'))).rejects.toMatchObject({ code: 'notFound' });
    await writeFile(at('file'), '');
    await expect(stampOf(at('file/m.pt'))).rejects.toMatchObject({ code: 'notFound' });
  });

  it.skipIf(process.platform === 'win32')('refuses a socket and a device', async () => {
    const server = createServer().listen(at('s.pt'));
    try {
      await new Promise((resolve) => server.once('listening', resolve));
      await expect(stampOf(at('s.pt'))).rejects.toMatchObject({
        code: 'refused',
        message: expect.stringContaining('socket'),
      });
    } finally {
      server.close();
    }
    await expect(stampOf('/dev/null')).rejects.toMatchObject({ code: 'refused' });
  });
});

describe('a file that was read', () => {
  const readAt = async (ms: number) => {
    vi.useFakeTimers({ toFake: ['Date'], now: ms });
    try {
      return (await hashFile(at('m.pt'), unattended, 'm.pt')).stamp;
    } finally {
      vi.useRealTimers();
    }
  };

  it('is known again until it is written to, also when its size and time are set to what they were', async () => {
    await writeFile(at('m.pt'), 'one');
    await utimes(at('m.pt'), 1000, 1000);
    const { stamp } = await hashFile(at('m.pt'), unattended, 'm.pt');
    expect(isUntouched(stamp, await stampOf(at('m.pt')))).toBe(true);
    await writeFile(at('m.pt'), 'two');
    await utimes(at('m.pt'), 1000, 1000);
    expect(sameStamp(stamp, await stampOf(at('m.pt')))).toBe(true);
    expect(isUntouched(stamp, await stampOf(at('m.pt')))).toBe(false);
  });

  it('in the moment in which it was written is not known again: a second write may have the same time', async () => {
    await writeFile(at('m.pt'), 'one');
    await utimes(at('m.pt'), 1000, 1000);
    const now = await stampOf(at('m.pt'));
    expect(isUntouched(await readAt(1_000_005), now)).toBe(false);
    expect(isUntouched(await readAt(1_000_500), now)).toBe(true);
    // Its time is by another clock.
    expect(isUntouched(await readAt(900_000), now)).toBe(true);
  });
});

describe('waiting until a file is still', () => {
  it('does not wait for a file that is old', async () => {
    await writeFile(at('m.pt'), 'one');
    await utimes(at('m.pt'), 1000, 1000);
    expect(await waitUntilStill(at('m.pt'), unattended, { quietMs: 60_000 })).toEqual(
      await stampOf(at('m.pt')),
    );
  });

  it('waits for the last write', async () => {
    await writeFile(at('m.pt'), 'one');
    let writes = 0;
    const writer = setInterval(() => {
      if (++writes === 5) clearInterval(writer);
      void appendFile(at('m.pt'), 'x');
    }, 30);
    const labels = new Set<string>();
    const operation = { ...unattended, report: ({ label }: Progress) => labels.add(label) };
    const stamp = await waitUntilStill(at('m.pt'), operation, { quietMs: 300 });
    expect(writes).toBe(5);
    expect(stamp?.size).toBe(8);
    expect([...labels]).toEqual(['Waiting until the file is complete']);
  });

  it('takes a file with a time in the future once it has not changed', async () => {
    await writeFile(at('m.pt'), 'one');
    const future = Date.now() / 1000 + 86_400;
    await utimes(at('m.pt'), future, future);
    expect((await waitUntilStill(at('m.pt'), unattended, { quietMs: 50 }))?.size).toBe(3);
  });

  it('gives up on a file that never rests, and can be cancelled', async () => {
    await writeFile(at('m.pt'), 'one');
    const writer = setInterval(() => void appendFile(at('m.pt'), 'x'), 10);
    try {
      const patience = { quietMs: 200, patienceMs: 300 };
      expect(await waitUntilStill(at('m.pt'), unattended, patience)).toBeUndefined();
      const operation = { signal: AbortSignal.timeout(50), report() {} };
      await expect(waitUntilStill(at('m.pt'), operation, { quietMs: 5_000 })).rejects.toMatchObject({
        code: 'cancelled',
      });
    } finally {
      clearInterval(writer);
    }
  });
});
