import { createHash } from 'node:crypto';
import {
  chmod,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { temporaryBeside } from '../../src/files/durable.ts';
import { hashFile } from '../../src/files/hash.ts';
import {
  createCache,
  createDurably,
  replaceWithContent,
  writeCache,
  writeDurably,
} from '../../src/files/safeWrite.ts';
import { removeStaleTemps } from '../../src/files/staleTemps.ts';
import { stampOf } from '../../src/files/stamp.ts';
import { runAsNobody } from '../support/anotherUser.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'modeltrail-write-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const at = (name: string): string => path.join(folder, name);
const sha = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A content of `text`, one byte a chunk, that calls `midway` half way through. */
async function* content(text: string, midway?: () => unknown): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < text.length; index++) {
    if (index === text.length >> 1) await midway?.();
    yield Buffer.from(text.slice(index, index + 1));
  }
}
const wanted = (text: string) => ({ id: sha(text), size: text.length, model: 'm.pt' });

describe('writing a file', () => {
  it.each([writeDurably, writeCache])(
    'makes the folders on the way and replaces what is there',
    async (write) => {
      await write(at('a/b/c.txt'), 'one');
      await write(at('a/b/c.txt'), 'two');
      expect(await readFile(at('a/b/c.txt'), 'utf8')).toBe('two');
      expect(await readdir(at('a/b'))).toEqual(['c.txt']);
    },
  );

  it.each([createDurably, createCache])('lets exactly one of many create a file', async (create) => {
    const texts = Array.from({ length: 20 }, (_, index) => `writer ${index}`);
    const created = await Promise.all(texts.map((text) => create(at('x/one'), text)));
    expect(created.filter(Boolean)).toHaveLength(1);
    expect(await readFile(at('x/one'), 'utf8')).toBe(texts[created.indexOf(true)]);
    expect(await readdir(at('x'))).toEqual(['one']);
  });

  it('can write a file whose name is as long as names can be', async () => {
    const name = `${'é'.repeat(124)}.txt`;
    await writeDurably(at(name), 'one');
    expect(await readdir(folder)).toEqual([name]);
  });

  it.each([writeDurably, writeCache])('says so when it cannot, and leaves nothing behind', async (write) => {
    await writeFile(at('file'), '');
    await expect(write(at('file/x'), 'one')).rejects.toMatchObject({ name: 'TrailError' });
    await mkdir(at('there/x'), { recursive: true });
    await expect(write(at('there/x'), 'one')).rejects.toMatchObject({ name: 'TrailError' });
    expect(await readdir(at('there'))).toEqual(['x']);
  });
});

describe('replacing a model file', () => {
  it('puts the verified bytes in place and keeps the mode', async () => {
    await writeFile(at('m.pt'), 'old');
    await chmod(at('m.pt'), 0o640);
    const expected = await stampOf(at('m.pt'));
    const stamp = await replaceWithContent(
      at('m.pt'),
      content('new bytes'),
      { ...wanted('new bytes'), expected },
      unattended,
    );
    expect(await readFile(at('m.pt'), 'utf8')).toBe('new bytes');
    expect(stamp).toEqual(await stampOf(at('m.pt')));
    expect((await stat(at('m.pt'))).mode & 0o777).toBe(0o640);
    expect(await readdir(folder)).toEqual(['m.pt']);
  });

  it('leaves other names of the old file alone', async () => {
    await writeFile(at('cached'), 'old');
    await link(at('cached'), at('m.pt'));
    const expected = await stampOf(at('m.pt'));
    await replaceWithContent(at('m.pt'), content('new'), { ...wanted('new'), expected }, unattended);
    expect(await readFile(at('cached'), 'utf8')).toBe('old');
    expect(await readFile(at('m.pt'), 'utf8')).toBe('new');
  });

  it('replaces a symbolic link, not what it leads to, which may be in a cache; refuses a broken link', async () => {
    await mkdir(at('cache'));
    await writeFile(at('cache/m.pt'), 'old');
    await symlink('cache/m.pt', at('latest.pt'));
    const expected = await stampOf(at('latest.pt'));
    await replaceWithContent(at('latest.pt'), content('new'), { ...wanted('new'), expected }, unattended);
    expect(await readFile(at('latest.pt'), 'utf8')).toBe('new');
    expect(await readFile(at('cache/m.pt'), 'utf8')).toBe('old');
    expect((await readdir(folder)).sort()).toEqual(['cache', 'latest.pt']);
    await symlink('nowhere', at('broken.pt'));
    await expect(
      replaceWithContent(at('broken.pt'), content('new'), wanted('new'), unattended),
    ).rejects.toMatchObject({ code: 'refused' });
  });

  it.each([
    ['other bytes', 'xyz'],
    ['too few bytes', 'ne'],
    ['too many bytes', 'new and more'],
  ])('keeps the file when the content is %s', async (_, text) => {
    await writeFile(at('m.pt'), 'old');
    await expect(
      replaceWithContent(at('m.pt'), content(text), wanted('new'), unattended),
    ).rejects.toMatchObject({ code: 'damaged', message: expect.stringContaining('m.pt') });
    expect(await readFile(at('m.pt'), 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['m.pt']);
  });

  it('does not read a content without an end', async () => {
    let chunks = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield Buffer.alloc(1000, ++chunks);
    }
    await expect(replaceWithContent(at('m.pt'), endless(), wanted('new'), unattended)).rejects.toMatchObject({
      code: 'damaged',
    });
    expect(chunks).toBeLessThan(5);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['written to', () => writeFile(at('m.pt'), 'by training')],
    ['replaced', () => writeDurably(at('m.pt'), 'by training')],
  ])('refuses when the file is %s meanwhile', async (_, change) => {
    await writeFile(at('m.pt'), 'old');
    const expected = await stampOf(at('m.pt'));
    await expect(
      replaceWithContent(at('m.pt'), content('new', change), { ...wanted('new'), expected }, unattended),
    ).rejects.toMatchObject({ code: 'refused' });
    expect(await readFile(at('m.pt'), 'utf8')).toBe('by training');
    expect(await readdir(folder)).toEqual(['m.pt']);
  });

  it('refuses when the file is removed meanwhile', async () => {
    await writeFile(at('m.pt'), 'old');
    const expected = await stampOf(at('m.pt'));
    const remove = () => rm(at('m.pt'));
    await expect(
      replaceWithContent(at('m.pt'), content('new', remove), { ...wanted('new'), expected }, unattended),
    ).rejects.toMatchObject({ code: 'refused' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('creates a missing file, but not over one that appeared meanwhile', async () => {
    const missing = { ...wanted('new'), expected: 'missing' as const };
    await replaceWithContent(at('deep/er/m.pt'), content('new'), missing, unattended);
    expect(await readFile(at('deep/er/m.pt'), 'utf8')).toBe('new');
    const appear = () => writeFile(at('m.pt'), 'by training');
    await expect(
      replaceWithContent(at('m.pt'), content('new', appear), missing, unattended),
    ).rejects.toMatchObject({ code: 'refused' });
    expect(await readFile(at('m.pt'), 'utf8')).toBe('by training');
  });

  it('leaves nothing behind when it is cancelled', async () => {
    await writeFile(at('m.pt'), 'old');
    const controller = new AbortController();
    const operation = { signal: controller.signal, report() {} };
    await expect(
      replaceWithContent(
        at('m.pt'),
        content('new bytes', () => controller.abort()),
        wanted('new bytes'),
        operation,
      ),
    ).rejects.toMatchObject({ code: 'cancelled' });
    expect(await readFile(at('m.pt'), 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['m.pt']);
  });

  it('leaves the file as it was where the folder may not be opened to make the new name last', async (test) => {
    await writeFile(at('m.pt'), 'old');
    await chmod(at('m.pt'), 0o666);
    await chmod(folder, 0o333);
    const module = `
      import { replaceWithContent } from 'source/files/safeWrite.ts';
      import { unattended } from 'source/core/operation.ts';
      const wanted = ${JSON.stringify(wanted('new'))};
      const content = async function* () { yield Buffer.from('new'); };
      await replaceWithContent('${at('m.pt')}', content(), wanted, unattended).catch((error) => console.log(error.message));
    `;
    expect(runAsNobody(test, module)).toMatch(/^No permission for /);
    expect(await readFile(at('m.pt'), 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['m.pt']);
  });

  it('refuses to replace a directory', async () => {
    await mkdir(at('m.pt'));
    await expect(
      replaceWithContent(at('m.pt'), content('new'), wanted('new'), unattended),
    ).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('directory') });
  });
});

describe('what killed processes left', () => {
  const ofProcess = (pid: number): string =>
    path.basename(temporaryBeside(at('m.pt'))).replace(`.${process.pid}-`, `.${pid}-`);

  it('is removed when it is old and its process is gone', async () => {
    const names = {
      dead: ofProcess(999_999_999),
      alive: ofProcess(process.pid),
      young: ofProcess(999_999_999),
      other: '.m.pt.swp',
    };
    for (const name of Object.values(names)) await writeFile(at(name), '');
    for (const name of [names.dead, names.alive, names.other]) await utimes(at(name), 1000, 1000);
    await removeStaleTemps(folder);
    expect(await readdir(folder)).toEqual([names.alive, names.young, names.other].sort());
    await removeStaleTemps(at('missing'));
  });
});

describe('hashing a file', () => {
  it('gives what sha256sum gives, with progress', async () => {
    const bytes = Buffer.alloc(5_000_001, 'modeltrail');
    await writeFile(at('m.pt'), bytes);
    const seen: number[] = [];
    const operation = {
      signal: unattended.signal,
      report: ({ done, total }: { done: number; total: number }) => seen.push(done, total),
    };
    const { id, size } = await hashFile(at('m.pt'), operation, 'Hashing');
    expect({ id, size }).toEqual({ id: sha(bytes), size: bytes.length });
    expect(seen.slice(-2)).toEqual([bytes.length, bytes.length]);
    await writeFile(at('empty.pt'), '');
    expect((await hashFile(at('empty.pt'), unattended, '')).id).toBe(sha(''));
  });

  it('refuses a file that changes while it is read', async () => {
    await writeFile(at('m.pt'), Buffer.alloc(3_000_000));
    const grow = { signal: unattended.signal, report: () => void writeFile(at('m.pt'), 'short') };
    await expect(hashFile(at('m.pt'), grow, '')).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('changed while it was being read'),
    });
  });
});
