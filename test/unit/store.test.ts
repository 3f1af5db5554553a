import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  constants,
  copyFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { link, mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import type { ContentId } from '../../src/core/facts.ts';
import { unattended } from '../../src/core/operation.ts';
import { replaceWithContent } from '../../src/files/safeWrite.ts';
import { stampOf } from '../../src/files/stamp.ts';
import { type BlockStore, openBlockStore } from '../../src/store/blockStore.ts';
import { damageContent, flip, recipeFile } from '../support/damage.ts';
import { makeWorkspace, sha256, type Workspace } from '../support/workspace.ts';

let workspace: Workspace;
let store: BlockStore;
let mounted = false;
beforeEach(() => {
  workspace = makeWorkspace({ git: false });
  store = openBlockStore(at('store'));
});
afterEach(() => {
  if (mounted) execFileSync('umount', [at('store')]);
  mounted = false;
  workspace.remove();
});
const at = (name: string): string => path.join(workspace.folder, name);
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);

async function bytesOf(id: ContentId): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.open(id)) chunks.push(Uint8Array.from(chunk));
  return Buffer.concat(chunks);
}

async function listed(): Promise<ContentId[]> {
  const ids: ContentId[] = [];
  for await (const id of store.list()) ids.push(id);
  return ids;
}

/** Whether two files can share their blocks, as on btrfs, XFS and APFS. */
function canClone(folder: string): boolean {
  const [from, to] = [path.join(folder, 'clone-from'), path.join(folder, 'clone-to')];
  writeFileSync(from, 'x');
  try {
    copyFileSync(from, to, constants.COPYFILE_FICLONE_FORCE);
    return true;
  } catch {
    return false;
  } finally {
    for (const file of [from, to]) rmSync(file, { force: true });
  }
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
    expect(filesIn(at('store/recipes'))).toEqual([id]);
    expect(filesIn(at('store/tmp'))).toEqual([]);
    expect(store.packs.list()).toHaveLength(bytes.length === 0 ? 0 : 1);
  });

  it('keeps one read-only copy of a content, apart from the file that it came from', async () => {
    const id = workspace.write('a.pt', randomBytes(300_000));
    workspace.write('b.pt', workspace.read('a.pt'));
    await store.put(at('a.pt'), unattended);
    const first = filesIn(at('store'));
    expect(first).toHaveLength(2);
    for (const file of [recipeFile(at('store'), id), store.packs.list()[0]?.file ?? '']) {
      expect(statSync(file).mode & 0o777).toBe(0o444);
    }
    await store.put(at('b.pt'), unattended);
    await openBlockStore(at('store')).put(at('b.pt'), unattended);
    expect(filesIn(at('store'))).toEqual(first);
    writeFileSync(at('a.pt'), 'two, written in place');
    expect(await store.check(id, unattended)).toBe('ok');
  });

  it('stores what two contents share once', async () => {
    const shared = randomBytes(2 << 20);
    workspace.write('a.pt', shared);
    workspace.write('b.pt', Buffer.concat([randomBytes(1000), shared, randomBytes(1000)]));
    await store.put(at('a.pt'), unattended);
    const before = (await store.shares(unattended)).total;
    await store.put(at('b.pt'), unattended);
    const shares = await store.shares(unattended);
    expect(shares.total - before).toBeLessThan(600_000);
    expect(shares.sizes.size).toBe(2);
    for (const [id, size] of shares.sizes) {
      expect(shares.stored([id])).toBeGreaterThanOrEqual(size);
      expect(shares.own([id])).toBeLessThan(600_000);
    }
    // Without both, nothing is left but what the packs are made of.
    expect(shares.total - shares.own(shares.sizes.keys())).toBeLessThan(5000);
  });

  it('begins blocks at tensors, so that a longer header moves nothing', async () => {
    const tensors = randomBytes(5 << 20);
    const put = async (name: string, header: number): Promise<void> => {
      const starts = [0, header, header + 1000, header + 2000, header + 3_000_000];
      workspace.write(name, Buffer.concat([randomBytes(header), tensors]));
      await store.put(at(name), unattended, starts);
    };
    await put('a.pt', 1000);
    const before = (await store.shares(unattended)).total;
    await put('b.pt', 1032);
    expect((await store.shares(unattended)).total - before).toBeLessThan(3000);
  });

  it.each([
    ['negative and too large', [-1, 5, 2 ** 60, Number.NaN, Infinity, 0.5]],
    ['in disorder', [900_000, 100_000, 100_000, 500_000]],
    ['everywhere', Array.from({ length: 100_000 }, (_, index) => index * 10)],
  ])('takes no harm from starts of tensors that are %s', async (_, starts) => {
    const id = workspace.write('m.pt', randomBytes(1_000_000));
    await store.put(at('m.pt'), unattended, starts);
    expect(await store.check(id, unattended)).toBe('ok');
    expect((await store.recipes.read(id))?.count).toBeLessThan(100);
  });

  it('keeps the 100,000 tiny tensors of a model in few blocks', async () => {
    const id = workspace.write('m.safetensors', randomBytes(8_000_000));
    const starts = Array.from({ length: 100_000 }, (_, index) => 1_600_000 + index * 64);
    await store.put(at('m.safetensors'), unattended, starts);
    expect(await store.check(id, unattended)).toBe('ok');
    expect((await store.recipes.read(id))?.count).toBeLessThan(500);
  });

  it('reads parts of a content, and no more than their blocks', async () => {
    const bytes = randomBytes(6 << 20);
    const id = workspace.write('m.pt', bytes);
    await store.put(at('m.pt'), unattended, [0, 100, 5 << 20]);
    damageContent(at('store'), id);
    const access = await store.access(id);
    expect(access.size).toBe(bytes.length);
    for (const [offset = 0, length = 0] of [
      [0, 8],
      [90, 20],
      [100, 3 << 20],
      [0, 0],
    ]) {
      expect(bytes.subarray(offset, offset + length).equals(await access.read(offset, length))).toBe(true);
    }
    await expect(access.read(bytes.length - 10, 11)).rejects.toMatchObject({ code: 'damaged' });
    await expect(access.read(bytes.length - 10, 10)).rejects.toMatchObject({
      code: 'damaged',
      range: { from: 5 << 20, to: 6 << 20 },
    });
    await access.close();
  });

  it('heals what is damaged when the file is put in again', async () => {
    const id = workspace.write('m.pt', randomBytes(100_000));
    await store.put(at('m.pt'), unattended);
    flip(recipeFile(at('store'), id), 30);
    expect(await store.check(id, unattended)).toBe('damaged');
    await store.put(at('m.pt'), unattended);
    expect(await store.check(id, unattended)).toBe('ok');
    damageContent(at('store'), id);
    expect(await store.check(id, unattended)).toBe('damaged');
    await store.put(at('m.pt'), unattended);
    expect(await store.check(id, unattended)).toBe('ok');
    expect(await openBlockStore(at('store')).check(id, unattended)).toBe('ok');
  });

  it('gives no damaged bytes to a model file, and says which are damaged', async () => {
    const id = workspace.write('m.pt', randomBytes(9 << 20));
    await store.put(at('m.pt'), unattended, [0, 1000, (8 << 20) + 1000]);
    damageContent(at('store'), id);
    writeFileSync(at('m.pt'), 'newer');
    const wanted = { id, size: 9 << 20, model: 'm.pt' };
    await expect(replaceWithContent(at('m.pt'), store.open(id), wanted, unattended)).rejects.toMatchObject({
      code: 'damaged',
      range: { from: (8 << 20) + 1000, to: 9 << 20 },
    });
    expect(workspace.read('m.pt').toString()).toBe('newer');
    expect(await store.damagedRanges(id, unattended)).toEqual([{ from: (8 << 20) + 1000, to: 9 << 20 }]);
  });

  it('refuses a file that changes while it is read, or keeps it as it was before where the file system can clone', async () => {
    const before = workspace.write('m.pt', Buffer.alloc(3 << 20));
    const changes = [() => appendFileSync(at('m.pt'), 'x'), () => utimesSync(at('m.pt'), 1000, 1000)];
    for (const report of changes) {
      const kept = await store
        .put(at('m.pt'), { signal: unattended.signal, report })
        .catch((error: unknown) => error);
      if (canClone(workspace.folder)) {
        expect(kept).toMatchObject({ size: 3 << 20, id: before });
        expect(await store.check(before as ContentId, unattended)).toBe('ok');
        workspace.write('m.pt', Buffer.alloc(3 << 20));
      } else {
        expect(kept).toMatchObject({ code: 'refused' });
        expect(filesIn(at('store'))).toEqual([]);
      }
    }
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
    const stores = [store, openBlockStore(at('store'))];
    await Promise.all(
      ids.flatMap((_, index) => stores.map((store) => store.put(at(`${index}.pt`), unattended))),
    );
    expect(await listed()).toEqual([...new Set(ids)].sort());
    for (const id of ids) expect(await store.check(id, unattended)).toBe('ok');
    expect(filesIn(at('store/recipes'))).toHaveLength(6);
  });

  it('removes what killed processes left, and lists only contents', async () => {
    await store.put(at((workspace.write('m.pt', 'one'), 'm.pt')), unattended);
    const left = '.m.pt.999999999-0123456789ab.modeltrail-tmp';
    workspace.write(`store/tmp/${left}`, 'half');
    utimesSync(at(`store/tmp/${left}`), 1000, 1000);
    workspace.write('store/recipes/ab/README', '');
    workspace.write('store/packs/README', '');
    await openBlockStore(at('store')).put(at('m.pt'), unattended);
    expect(filesIn(at('store/tmp'))).toEqual([]);
    expect(await listed()).toEqual([sha256('one')]);
  });

  it('keeps a sparse file of 5 GiB in little space', { timeout: 120_000 }, async () => {
    const size = 5 * 2 ** 30;
    const island = randomBytes(100_000);
    const islands = [0, 3 * 2 ** 30 + 12_345, size - island.length];
    const file = await open(at('m.bin'), 'w');
    await file.truncate(size);
    for (const offset of islands) await file.write(island, 0, island.length, offset);
    await file.close();
    const { id } = await store.put(at('m.bin'), unattended);
    expect(await store.sizeOf(id)).toBe(size);
    expect((await store.shares(unattended)).total).toBeLessThan(4_000_000);
    const access = await store.access(id);
    for (const offset of islands) expect(island.equals(await access.read(offset, island.length))).toBe(true);
    expect(Buffer.alloc(100_000).equals(await access.read(2 ** 32, 100_000))).toBe(true);
    await access.close();
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
    const small = workspace.write('small.pt', randomBytes(1 << 20));
    await store.put(at('small.pt'), unattended);
    const before = filesIn(at('store'));
    workspace.write('large.pt', randomBytes(8 << 20));
    await expect(store.put(at('large.pt'), unattended)).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining('is full. Nothing was changed; free some space and try again'),
    });
    expect(filesIn(at('store'))).toEqual(before);
    expect(await store.check(small, unattended)).toBe('ok');
  });

  it('that becomes full at whatever moment takes all or nothing, and says what to do', async (test) => {
    mountStore(test);
    const id = workspace.write('m.pt', randomBytes(3 << 20));
    const page = 4096;
    const outcomes = new Set<string>();
    for (let pages = 0; pages < 12; pages++) {
      writeFileSync(at('store/other'), Buffer.alloc((1 << 20) - pages * page));
      const fresh = openBlockStore(at('store'));
      const outcome = await fresh.put(at('m.pt'), unattended).then(
        () => 'kept',
        (error: unknown) => error,
      );
      if (outcome === 'kept') {
        expect(await fresh.check(id, unattended)).toBe('ok');
      } else {
        expect(outcome).toMatchObject({
          code: 'io',
          message: expect.stringContaining('is full. Nothing was changed; free some space and try again'),
        });
        expect(await fresh.has(id)).toBe(false);
      }
      expect(filesIn(at('store/tmp'))).toEqual([]);
      outcomes.add(outcome === 'kept' ? 'kept' : 'full');
      for (const folder of ['packs', 'recipes'])
        rmSync(at(`store/${folder}`), { recursive: true, force: true });
    }
    expect([...outcomes]).toEqual(['full', 'kept']);
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
    for (const fresh of [store, openBlockStore(at('store'))]) {
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
