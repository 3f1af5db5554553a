import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ByteCursor, Malformed } from '../../src/formats/byteCursor.ts';
import { bytesAccess } from '../../src/formats/randomAccess.ts';
import { readZipDirectory, zipDataOffset, type ZipDirectory } from '../../src/formats/zip.ts';
import { sparseAccess } from '../support/sparseAccess.ts';

const fixtures = path.join(import.meta.dirname, '../fixtures');
const archive = readFileSync(path.join(fixtures, 'layouts/arrays.npz'));
const cursorOf = (bytes: Uint8Array): ByteCursor => new ByteCursor(bytesAccess(bytes));
const directoryOf = (bytes: Uint8Array): Promise<ZipDirectory> => readZipDirectory(cursorOf(bytes));
const names = ['float', 'half', 'complex', 'fortran', 'flags', 'text', 'records'].map(
  (name) => `${name}.npy`,
);

describe('the members of a ZIP archive', () => {
  it('are listed with their sizes, and their bytes are found', async () => {
    const { entries, complete } = await directoryOf(archive);
    expect(complete).toBe(true);
    expect(entries.map(({ name }) => name)).toEqual(names);
    for (const entry of entries) {
      expect(entry).toMatchObject({ method: 0, compressedSize: entry.size });
      const start = await zipDataOffset(cursorOf(archive), entry);
      expect(archive.toString('latin1', start, start + 6)).toBe('\x93NUMPY');
    }
  });

  it('are told apart when they are deflated', async () => {
    const { entries } = await directoryOf(readFileSync(path.join(fixtures, 'formats/arrays-compressed.npz')));
    expect(entries.length).toBeGreaterThan(0);
    expect(entries.every(({ method }) => method === 8)).toBe(true);
  });

  it('are found behind a comment, and behind something else in front', async () => {
    const comment = Buffer.from('a comment that is longer than the record itself');
    const commented = Buffer.concat([archive, comment]);
    commented.writeUInt16LE(comment.length, archive.length - 2);
    expect((await directoryOf(commented)).entries.map(({ name }) => name)).toEqual(names);
    for (const fixture of ['layouts/arrays.npz', 'layouts/zip64.npz']) {
      const bytes = readFileSync(path.join(fixtures, fixture));
      const behind = await directoryOf(Buffer.concat([Buffer.alloc(1000, '#'), bytes]));
      const alone = await directoryOf(bytes);
      expect(alone.entries.length).toBeGreaterThan(1);
      expect(behind.entries.map(({ name }) => name)).toEqual(alone.entries.map(({ name }) => name));
      expect(behind.entries.map(({ headerOffset }) => headerOffset - 1000)).toEqual(
        alone.entries.map(({ headerOffset }) => headerOffset),
      );
      expect(behind.complete).toBe(true);
    }
  });

  it('are found far beyond 4 GiB', async () => {
    const bytes = readFileSync(path.join(fixtures, 'layouts/zip64.npz'));
    const before = 20 * 2 ** 30;
    const access = sparseAccess(before + bytes.length, [[before, bytes]]);
    const { entries } = await readZipDirectory(new ByteCursor(access));
    expect(entries.map(({ name }) => name)).toEqual(['first.npy', 'second.npy']);
    const start = await zipDataOffset(new ByteCursor(access), entries[1]!);
    expect(start).toBeGreaterThan(before);
    expect(Buffer.from(await access.read(start, 6)).toString('latin1')).toBe('\x93NUMPY');
    expect(access.bytesRead).toBeLessThan(200_000);
  });

  it('are listed as far as the directory goes', async () => {
    const second = archive.indexOf('PK\x01\x02', archive.indexOf('PK\x01\x02') + 1);
    const broken = Buffer.from(archive);
    // The name of the second member is longer than the file.
    broken.writeUInt16LE(0xffff, second + 28);
    const { entries, complete } = await directoryOf(broken);
    expect(entries.map(({ name }) => name)).toEqual(names.slice(0, 1));
    expect(complete).toBe(false);
    const scratched = Buffer.from(archive).fill('#', second, second + 4);
    expect(await directoryOf(scratched)).toMatchObject({ entries: [{ name: names[0] }], complete: false });
  });

  it('are not looked for in what is no archive', async () => {
    for (const bytes of [new Uint8Array(0), Buffer.from('PK\x03\x04'), archive.subarray(0, -30)]) {
      await expect(directoryOf(bytes)).rejects.toThrow(Malformed);
    }
  });
});
