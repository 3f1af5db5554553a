import type * as disk from '../../src/files/diskTime.ts';
import { existsSync, linkSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryBeside } from '../../src/files/durable.ts';
import { diskTime } from '../../src/files/diskTime.ts';
import { removeStaleTemps } from '../../src/files/staleTemps.ts';

// The clock of a disk cannot be set; it can be asked later.
vi.mock('../../src/files/diskTime.ts', async (original) => {
  const real = await original<typeof disk>();
  return { ...real, diskTime: vi.fn(real.diskTime) };
});

const hour = 3_600_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'modeltrail-stale-'));
});
afterEach(() => {
  vi.useRealTimers();
  vi.mocked(diskTime).mockReset();
  rmSync(folder, { recursive: true, force: true });
});

/** A name that a process which is not alive here made, on this machine or on another. */
function nameOf(machine: 'here' | 'elsewhere'): string {
  const name = temporaryBeside(path.join(folder, 'm.pt')).replace(`.${process.pid}-`, '.999999999-');
  return machine === 'here'
    ? name
    : name.replace(/-[0-9a-f]{4}/, (mark) => (mark === '-0000' ? '-0001' : '-0000'));
}

describe('a temporary file in a folder that machines share', () => {
  it('stays while it is written elsewhere, though the clock of this machine is two hours ahead', async () => {
    for (const file of [nameOf('elsewhere'), nameOf('here')]) {
      writeFileSync(file, 'a pack under way');
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * hour });
      await removeStaleTemps(folder);
      vi.useRealTimers();
      expect(existsSync(file)).toBe(true);
    }
  });

  it('stays while it is the second name of a model that another machine replaces, however old that is', async () => {
    const model = path.join(folder, 'm.pt');
    writeFileSync(model, 'old');
    utimesSync(model, 1000, 1000);
    const hold = nameOf('elsewhere');
    linkSync(model, hold);
    await removeStaleTemps(folder);
    expect(existsSync(hold)).toBe(true);
    vi.mocked(diskTime).mockResolvedValue(Date.now() + 2 * hour);
    await removeStaleTemps(folder);
    expect(existsSync(hold)).toBe(false);
  });
});
