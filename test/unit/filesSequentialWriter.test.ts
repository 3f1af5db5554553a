import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { SequentialWriter } from '../../src/files/sequentialWriter.ts';
import { sha256 } from '../support/workspace.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** Writes `content` in chunks of `step` bytes through one and the same buffer. @returns what the file holds then */
async function written(content: Buffer, step: number, { told = content.length, base = tmpdir() } = {}) {
  const folder = await mkdtemp(path.join(base, 'modeltrail-writer-'));
  folders.push(folder);
  const file = path.join(folder, 'content');
  const handle = await open(file, 'wx');
  const writer = await SequentialWriter.open(handle, told);
  const chunk = Buffer.alloc(step);
  for (let at = 0; at < content.length; at += step) {
    const length = content.copy(chunk, 0, at, at + step);
    await writer.write(chunk.subarray(0, length));
  }
  await writer.end();
  await writer.close();
  await handle.close();
  return readFile(file);
}

const mebi = 1 << 20;

it.each([0, 1, 4096, mebi, 4 * mebi - 1, 4 * mebi, 9 * mebi, 9 * mebi + 123])(
  'writes %i bytes as they are, whatever the size of the chunks',
  async (size) => {
    const content = randomBytes(size);
    for (const step of [mebi, 77_777, 3 * mebi + 1])
      expect(sha256(await written(content, step))).toBe(sha256(content));
  },
);

it('does not rely on the size that it was told', async () => {
  const content = randomBytes(6 * mebi + 5);
  for (const told of [0, 10, 100 * mebi])
    expect(sha256(await written(content, mebi, { told }))).toBe(sha256(content));
});

it.skipIf(!existsSync('/dev/shm'))('writes where there is no disk to write to directly', async () => {
  const content = randomBytes(9 * mebi + 123);
  expect(sha256(await written(content, mebi, { base: '/dev/shm' }))).toBe(sha256(content));
});

it.skipIf(!existsSync('/dev/full'))('fails when the disk is full, at the latest as it ends', async () => {
  for (const size of [10, 8 * mebi]) {
    const handle = await open('/dev/full', 'r+');
    const writer = await SequentialWriter.open(handle, size);
    const work = async () => {
      await writer.write(Buffer.alloc(size));
      await writer.end();
    };
    await expect(work()).rejects.toMatchObject({ code: 'ENOSPC' });
    await writer.close();
    await handle.close();
  }
});
