import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  readdirSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { link, mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import type { ContentId } from '../../src/core/facts.ts';
import { type Operation, unattended } from '../../src/core/operation.ts';
import { replaceWithContent } from '../../src/files/safeWrite.ts';
import { stampOf } from '../../src/files/stamp.ts';
import { type ContentStore, openWholeFileStore } from '../../src/store/store.ts';
import { makeWorkspace, sha256, type Workspace } from '../support/workspace.ts';

let workspace: Workspace;
let store: ContentStore;
let mounted = false;
beforeEach(() => {
  workspace = makeWorkspace({ git: false });
  store = openWholeFileStore(at('store'));
});
afterEach(() => {
  if (mounted) execFileSync('umount', [at('store')]);
  mounted = false;
  workspace.remove();
});
const at = (name: string): string => path.join(workspace.folder, name);
const objectOf = (id: ContentId): string => at(`store/objects/${id.slice(0, 2)}/${id}`);
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);

async function bytesOf(id: ContentId): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.open(id)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function listed(): Promise<ContentId[]> {
  const ids: ContentId[] = [];
  for await (const id of store.list()) ids.push(id);
  return ids;
}

describe('the store', () => {
  it('is empty, and makes no folder, until something is put in', async () => {
    const id = sha256('x');
    expect(await store.has(id)).toBe(false);
    expect(await store.check(id, unattended)).toBe('missing');
    expect(await listed()).toEqual([]);
    await expect(store.sizeOf(id)).rejects.toMatchObject({ code: 'missingBytes' });
    await expect(bytesOf(id)).rejects.toMatchObject({ code: 'missingBytes' });
    await expect(store.put(at('none.pt'), unattended)).rejects.toMatchObject({ code: 'notFound' });
    expect(readdirSync(workspace.folder)).toEqual([]);
  });

  it.each([
    ['no bytes', Buffer.alloc(0)],
    ['one byte', Buffer.from('x')],
    ['a whole number of chunks', Buffer.alloc(4 << 20, 'modeltrail')],
    ['many chunks and a rest', Buffer.alloc((5 << 20) + 12345, 'modeltrail')],
  ])('gives back a file of %s', async (_, bytes) => {
    const id = workspace.write('a folder/m é😀.pt', bytes);
    const kept = await store.put(at('a folder/m é😀.pt'), unattended);
    expect(kept).toEqual({ id, size: bytes.length, stamp: await stampOf(at('a folder/m é😀.pt')) });
    expect(await store.has(id)).toBe(true);
    expect(await store.sizeOf(id)).toBe(bytes.length);
    expect(await store.check(id, unattended)).toBe('ok');
    expect((await bytesOf(id)).equals(bytes)).toBe(true);
    expect(await listed()).toEqual([id]);
    expect(filesIn(at('store'))).toEqual([id]);
  });

  it('keeps one read-only copy of a content, apart from the file that it came from', async () => {
    const id = workspace.write('a.pt', 'one');
    workspace.write('b.pt', 'one');
    await store.put(at('a.pt'), unattended);
    const first = statSync(objectOf(id), { bigint: true });
    await store.put(at('b.pt'), unattended);
    await openWholeFileStore(at('store')).put(at('b.pt'), unattended);
    const second = statSync(objectOf(id), { bigint: true });
    expect([second.ino, second.mtimeNs]).toEqual([first.ino, first.mtimeNs]);
    expect(filesIn(at('store'))).toEqual([id]);
    expect(Number(second.mode) & 0o777).toBe(0o444);
    writeFileSync(at('a.pt'), 'two, written in place');
    expect(await store.check(id, unattended)).toBe('ok');
  });

  it('tells a damaged content, and heals one of the wrong size', async () => {
    const id = workspace.write('m.pt', 'some bytes');
    await store.put(at('m.pt'), unattended);
    chmodSync(objectOf(id), 0o644);
    writeFileSync(objectOf(id), 'same bytes');
    expect(await store.check(id, unattended)).toBe('damaged');
    writeFileSync(objectOf(id), 'some');
    expect(await store.check(id, unattended)).toBe('damaged');
    await store.put(at('m.pt'), unattended);
    expect(await store.check(id, unattended)).toBe('ok');
  });

  it('gives no damaged bytes to a model file', async () => {
    const id = workspace.write('m.pt', 'some bytes');
    await store.put(at('m.pt'), unattended);
    chmodSync(objectOf(id), 0o644);
    writeFileSync(objectOf(id), 'same bytes');
    writeFileSync(at('m.pt'), 'newer');
    const wanted = { id, size: 10, model: 'm.pt' };
    await expect(replaceWithContent(at('m.pt'), store.open(id), wanted, unattended)).rejects.toMatchObject({
      code: 'damaged',
    });
    expect(workspace.read('m.pt').toString()).toBe('newer');
  });

  it('refuses a file that changes while it is read, and keeps nothing of it', async () => {
    workspace.write('m.pt', Buffer.alloc(3 << 20));
    const change: Operation = { signal: unattended.signal, report: () => appendFileSync(at('m.pt'), 'x') };
    await expect(store.put(at('m.pt'), change)).rejects.toMatchObject({ code: 'refused' });
    const touch: Operation = { signal: unattended.signal, report: () => utimesSync(at('m.pt'), 1000, 1000) };
    await expect(store.put(at('m.pt'), touch)).rejects.toMatchObject({ code: 'refused' });
    expect(filesIn(at('store'))).toEqual([]);
  });

  it('leaves nothing behind when it is cancelled', async () => {
    workspace.write('m.pt', Buffer.alloc(3 << 20));
    const controller = new AbortController();
    const operation = { signal: controller.signal, report: () => controller.abort() };
    await expect(store.put(at('m.pt'), operation)).rejects.toMatchObject({ code: 'cancelled' });
    expect(filesIn(at('store'))).toEqual([]);
  });

  it('says what is wrong with what is no file', async () => {
    await mkdir(at('dir.pt'));
    symlinkSync('nowhere', at('broken.pt'));
    await expect(store.put(at('dir.pt'), unattended)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('directory'),
    });
    await expect(store.put(at('broken.pt'), unattended)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('broken symbolic link'),
    });
  });

  it.each(['', 'abc', '../../../etc/passwd', 'A'.repeat(64), `${'a'.repeat(64)}\n`])(
    'takes %j for no id',
    async (id) => {
      await expect(store.has(id)).rejects.toMatchObject({ code: 'usage' });
      await expect(bytesOf(id)).rejects.toMatchObject({ code: 'usage' });
    },
  );

  it('keeps every content when many are put in at once, also by several windows', async () => {
    const ids = Array.from({ length: 12 }, (_, index) =>
      workspace.write(`${index}.pt`, `content ${index % 6}`),
    );
    const stores = [store, openWholeFileStore(at('store'))];
    await Promise.all(
      ids.flatMap((_, index) => stores.map((store) => store.put(at(`${index}.pt`), unattended))),
    );
    expect(await listed()).toEqual([...new Set(ids)].sort());
    for (const id of ids) expect(await store.check(id, unattended)).toBe('ok');
    expect(filesIn(at('store'))).toHaveLength(6);
  });

  it('removes what killed processes left, and lists only contents', async () => {
    await store.put(at((workspace.write('m.pt', 'one'), 'm.pt')), unattended);
    const left = '.m.pt.999999999-0123456789ab.modeltrail-tmp';
    workspace.write(`store/tmp/${left}`, 'half');
    utimesSync(at(`store/tmp/${left}`), 1000, 1000);
    workspace.write('store/objects/ab/README', '');
    await openWholeFileStore(at('store')).put(at('m.pt'), unattended);
    expect(filesIn(at('store/tmp'))).toEqual([]);
    expect(await listed()).toEqual([sha256('one')]);
  });

  it('says so when it is where a file is', async () => {
    workspace.write('store', 'a file');
    workspace.write('m.pt', 'one');
    await expect(store.put(at('m.pt'), unattended)).rejects.toMatchObject({ name: 'TrailError' });
    expect(await store.has(sha256('one'))).toBe(false);
  });
});

/** A small disk of its own at `store`; skips the test, visibly, where that takes rights that we do not have. */
function mountStore(test: TestContext): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return test.skip('mounting needs root on Linux');
  execFileSync('mkdir', [at('store')]);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', at('store')], { stdio: 'pipe' });
  } catch {
    return test.skip('this machine lets nobody mount a tmpfs');
  }
  mounted = true;
}

describe('a store on a disk', () => {
  it('that is too full takes nothing, says what to do, and stays good', async (test) => {
    mountStore(test);
    const small = workspace.write('small.pt', Buffer.alloc(1 << 20, 'small'));
    await store.put(at('small.pt'), unattended);
    workspace.write('large.pt', Buffer.alloc(8 << 20, 'large'));
    await expect(store.put(at('large.pt'), unattended)).rejects.toMatchObject({
      code: 'io',
      message: expect.stringMatching(/too full: 8\.4 MB are needed and \d\.\d MB are free.*free some space/),
    });
    expect(filesIn(at('store'))).toEqual([small]);
    expect(await store.check(small, unattended)).toBe('ok');
  });

  it('that becomes full meanwhile takes nothing and says what to do', async (test) => {
    mountStore(test);
    workspace.write('m.pt', Buffer.alloc(3 << 20, 'model'));
    const other = await open(at('store/other'), 'w');
    const fill: Operation = {
      signal: unattended.signal,
      report: ({ done }) => {
        if (done === 1 << 20) writeFileSync(other.fd, Buffer.alloc(2 << 20));
      },
    };
    await expect(store.put(at('m.pt'), fill)).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining('is full. Nothing was changed; free some space and try again'),
    });
    await other.close();
    expect(filesIn(at('store'))).toEqual(['other']);
  });

  it('that fills up while a model file is replaced leaves the file as it was', async (test) => {
    mountStore(test);
    const old = Buffer.alloc(1 << 20, 'old');
    workspace.write('store/m.pt', old);
    const bytes = Buffer.alloc(5 << 19, 'new');
    async function* content(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 1 << 20);
      writeFileSync(at('store/other'), Buffer.alloc(1 << 20));
      yield bytes.subarray(1 << 20);
    }
    const wanted = { id: sha256(bytes), size: bytes.length, model: 'm.pt' };
    await expect(replaceWithContent(at('store/m.pt'), content(), wanted, unattended)).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining('free some space'),
    });
    expect(workspace.read('store/m.pt').equals(old)).toBe(true);
    expect(filesIn(at('store')).sort()).toEqual(['m.pt', 'other']);
  });

  it('that is read-only can be read, and says so when it is written to', async (test) => {
    mountStore(test);
    const id = workspace.write('m.pt', 'one');
    await store.put(at('m.pt'), unattended);
    workspace.write('new.pt', 'two');
    execFileSync('mount', ['-o', 'remount,ro', at('store')]);
    expect(await store.check(id, unattended)).toBe('ok');
    for (const fresh of [store, openWholeFileStore(at('store'))]) {
      await expect(fresh.put(at('new.pt'), unattended)).rejects.toMatchObject({
        code: 'io',
        message: expect.stringContaining('read-only disk'),
      });
    }
    const wanted = { id: sha256('two'), size: 3, model: 'm.pt' };
    await expect(
      replaceWithContent(at(`store/m.pt`), store.open(id), wanted, unattended),
    ).rejects.toMatchObject({ code: 'io', message: expect.stringContaining('read-only disk') });
  });

  it('other than that of the file can be used', async (test) => {
    mountStore(test);
    const id = workspace.write('m.pt', 'one');
    await store.put(at('m.pt'), unattended);
    await expect(link(at('m.pt'), at('store/m.pt'))).rejects.toThrow('EXDEV');
    expect(await store.check(id, unattended)).toBe('ok');
  });
});
