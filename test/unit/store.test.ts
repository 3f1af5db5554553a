import { randomBytes } from 'node:crypto';
import { readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { stampOf } from '../../src/files/stamp.ts';
import { openBlockStore } from '../../src/store/blockStore.ts';
import { at, bytesOf, filesIn, listed, store, workspace } from '../support/contentStore.ts';
import { damageContent, recipeFile } from '../support/damage.ts';
import { sha256 } from '../support/workspace.ts';

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
    utimesSync(at('a folder/m é😀.pt'), 1000, 1000);
    const kept = await store.put(at('a folder/m é😀.pt'), unattended);
    const stamp = await stampOf(at('a folder/m é😀.pt'));
    expect(kept).toEqual({ id, size: bytes.length, stamp, isFromBefore: false });
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
      expect(await shares.stored([id], unattended)).toBeGreaterThanOrEqual(size);
      expect(await shares.own([id], unattended)).toBeLessThan(600_000);
    }
    // Without both, nothing is left but what the packs are made of.
    expect(shares.total - (await shares.own(shares.sizes.keys(), unattended))).toBeLessThan(5000);
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
});
