import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ContentId } from '../../src/core/facts.ts';
import { unattended } from '../../src/core/operation.ts';
import { at, listed, store, workspace } from '../support/contentStore.ts';
import { breakFrom, mountCoarse } from '../support/disks.ts';
import { sha256 } from '../support/workspace.ts';

// Files that the disk cannot read any more.

describe('a whole file of the first layout', () => {
  /** One that is on a disk of its own. */
  function putOnDisk(disk: string, bytes: Uint8Array): ContentId {
    const id = sha256(bytes);
    const folder = at(`store/objects/${id.slice(0, 2)}`);
    mkdirSync(path.dirname(folder), { recursive: true });
    symlinkSync(disk, folder);
    writeFileSync(path.join(disk, id), bytes);
    return id;
  }

  it('that the disk cannot read is damaged, and keeps no other from being turned into blocks', async (test) => {
    const disk = at('disk');
    mountCoarse(test, disk);
    const bytes = randomBytes(1 << 20);
    const id = putOnDisk(disk, bytes);
    const others = Array.from({ length: 4 }, (_, length): ContentId => {
      const other = randomBytes(1000 + length);
      const name = sha256(other);
      return workspace.write(`store/objects/${name.slice(0, 2)}/${name}`, other);
    });
    breakFrom(bytes.subarray(0, 4096), disk);

    expect(await store.check(id, unattended)).toBe('damaged');
    expect(await store.migrate(unattended)).toBe(others.length);
    expect(await listed()).toEqual(expect.arrayContaining([id, ...others]));
    for (const other of others) expect(await store.check(other, unattended)).toBe('ok');
    expect(existsSync(path.join(disk, id))).toBe(true);
    expect(readdirSync(at('store/tmp'))).toEqual([]);
  });

  it('that cannot be removed stays, and it says so', async (test) => {
    const disk = at('disk');
    mountCoarse(test, disk);
    const id = putOnDisk(disk, randomBytes(1000));
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    await expect(store.migrate(unattended)).rejects.toMatchObject({
      code: 'io',
      message: expect.stringMatching(`${id} is on a read-only disk`),
    });
    expect(await store.check(id, unattended)).toBe('ok');
  });
});

it('a file that the disk cannot read is named, not the store', async (test) => {
  const disk = at('disk');
  mountCoarse(test, disk);
  const bytes = randomBytes(1 << 20);
  writeFileSync(path.join(disk, 'm.pt'), bytes);
  breakFrom(bytes.subarray(0, 4096), disk);
  await expect(store.put(path.join(disk, 'm.pt'), unattended)).rejects.toMatchObject({
    code: 'io',
    message: expect.stringContaining(path.join(disk, 'm.pt')),
  });
});
