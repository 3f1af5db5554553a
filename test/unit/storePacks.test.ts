import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Operation, unattended } from '../../src/core/operation.ts';
import { type BlockStore, openBlockStore } from '../../src/store/blockStore.ts';
import { encodeBlock } from '../../src/store/encoding.ts';
import { LiveBlocks } from '../../src/store/liveBlocks.ts';
import { putBackLeaving, removePack } from '../../src/store/packRemoval.ts';
import { walkPack } from '../../src/store/packWalk.ts';
import { PackWriter, type NewBlock } from '../../src/store/packWriter.ts';
import type { Pack } from '../../src/store/packs.ts';
import { age, at, bytesOf, hour, keep, listed, store, workspace } from '../support/contentStore.ts';
import { damageContent, flip, recipeFile } from '../support/damage.ts';

/** Writes blocks to a pack of their own, as packing does. */
async function addPack(...blocks: NewBlock[]): Promise<void> {
  const writer = new PackWriter(store.temporaries, 1 << 20);
  for (const block of blocks) writer.add(block);
  await store.packs.add(await writer.finish());
}

const hashOf = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** A block in its smallest form. */
function encoded(raw: Uint8Array, base?: Uint8Array): NewBlock {
  const { encoding, stored } = encodeBlock(raw, { elementBytes: 4, base });
  return {
    hash: hashOf(raw),
    encoding,
    raw: raw.length,
    bytes: stored,
    base: encoding === 2 && base ? hashOf(base) : undefined,
  };
}

/** For each block of all packs, whether it is to stay. */
async function kept(of: BlockStore): Promise<boolean[]> {
  const live = await LiveBlocks.find(of.packs, of.recipes, unattended);
  return Array.from({ length: of.packs.table.count }, (_, block) => live.isKept(block));
}

/** Removes a pack unless somebody touched it within the hour. */
function remove(of: BlockStore, pack: Pack): Promise<boolean> {
  return removePack(
    of.packs,
    pack,
    async (mtimeMs) => Date.now() - mtimeMs >= hour,
    async (file) => rmSync(file),
  );
}

/** Floats that lie near each other. */
function weights(count: number): Buffer {
  return Buffer.from(Float32Array.from({ length: count }, () => Math.random() / 50).buffer);
}

/** The same with every value moved a little. */
function trained(bytes: Buffer): Buffer {
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  return Buffer.from(values.map((value) => value * 1.0001).buffer);
}

describe('encoded blocks', () => {
  it('are read where the raw ones are gone: planes, and what differs from another block', async () => {
    const base = weights(100_000);
    const next = trained(base);
    const [first, second] = [await keep(base, [0, 400_000 - 4]), await keep(next, [0, 400_000 - 4])];
    const raw = [...store.packs.list()];
    const parts = (bytes: Buffer) => [bytes.subarray(0, -4), bytes.subarray(-4)] as const;
    const blocks = [
      encoded(parts(base)[0]),
      encoded(parts(next)[0], parts(base)[0]),
      encoded(parts(base)[1]),
      encoded(parts(next)[1]),
    ];
    expect(blocks.map(({ encoding }) => encoding).slice(0, 2)).toEqual([1, 2]);
    await addPack(...blocks);
    for (const pack of raw) rmSync(pack.file);
    const fresh = openBlockStore(at('store'));
    expect((await bytesOf(first, fresh)).equals(base)).toBe(true);
    expect((await bytesOf(second, fresh)).equals(next)).toBe(true);
    const access = await fresh.access(second);
    expect((await access.read(1000, 50)).join()).toBe(next.subarray(1000, 1050).join());
    await access.close();
    expect(await fresh.check(second, unattended)).toBe('ok');
    expect(fresh.packs.damages).toEqual([]);
    expect(await kept(fresh)).toEqual([true, true, true, true]);
    const shares = await fresh.shares(unattended);
    expect(await shares.own([second], unattended)).toBeLessThan(300_000);
  });

  it('need a base that is not itself one of them', async () => {
    const one = weights(1000);
    const other = trained(one);
    const id = await keep(one);
    await keep(other);
    const raw = [...store.packs.list()];
    // Each is told to be the difference to the other.
    await addPack(encoded(one, other), encoded(other, one));
    for (const pack of raw) rmSync(pack.file);
    const fresh = openBlockStore(at('store'));
    expect(await fresh.check(id, unattended)).toBe('damaged');
    // Neither can be read, and neither is given up.
    expect(await kept(fresh)).toEqual([true, true]);
  });

  it('stay with their base when another copy turns out to be damaged', async () => {
    const base = weights(1000);
    const next = trained(base);
    await keep(next);
    await addPack(encoded(base));
    await addPack(encoded(next, base));
    const live = await LiveBlocks.find(store.packs, store.recipes, unattended);
    expect([0, 1, 2].map((block) => live.isKept(block))).toEqual([true, false, false]);
    store.packs.distrust(0);
    expect(live.chooseAgain(hashOf(next))).toBe(2);
    expect([0, 1, 2].map((block) => live.isKept(block))).toEqual([false, true, true]);
  });

  it('keep others from relying on them when their base is about to go', async () => {
    const base = weights(1000);
    const next = trained(base);
    const id = await keep(next);
    const [raw] = store.packs.list();
    await addPack(encoded(base));
    const basePack = store.packs.list().find((pack) => pack !== raw);
    await addPack(encoded(next, base));
    rmSync(raw?.file ?? '');
    renameSync(basePack?.file ?? '', at(`store/packs/${basePack?.id}.removed`));
    const fresh = openBlockStore(at('store'));
    // It can still be read, but is written anew when it is recorded again.
    expect(await fresh.check(id, unattended)).toBe('ok');
    await fresh.put(at('m.pt'), unattended);
    rmSync(at(`store/packs/${basePack?.id}.removed`));
    expect(await openBlockStore(at('store')).check(id, unattended)).toBe('ok');
  });
});

describe('a block that is in two packs', () => {
  it('is read from the one where it is whole', async () => {
    const bytes = randomBytes(3 << 20);
    const id = await keep(bytes, [0, 1 << 20, 2 << 20]);
    cpPack(store.packs.list()[0]);
    damageContent(at('store'), id);
    const [one, other] = readdirSync(at('store/packs')).sort();
    // That has damaged its last block in both; in the other it is made good again.
    flip(at(`store/packs/${other}`), 8 + 2 * ((1 << 20) + 84) + 84);
    const fresh = openBlockStore(at('store'));
    expect((await bytesOf(id, fresh)).equals(bytes)).toBe(true);
    const damages = fresh.packs.damages;
    expect(damages.every(({ file }) => path.basename(file) === one)).toBe(true);
  });
});

/** The same pack under another name. */
function cpPack(pack: Pack | undefined): void {
  workspace.write(
    `store/packs/${randomBytes(16).toString('hex')}.pack`,
    workspace.read(`store/packs/${path.basename(pack?.file ?? '')}`),
  );
}

describe('a pack that is removed', () => {
  it('goes when nobody touched it for long enough, and stays when somebody did', async () => {
    await keep(randomBytes(1000));
    const [pack] = store.packs.list();
    if (!pack) throw new Error('no pack');
    expect(await remove(store, pack)).toBe(false);
    age();
    expect(await store.packs.touch([pack])).toBe(true);
    expect(await remove(store, pack)).toBe(false);
    age();
    expect(await remove(store, pack)).toBe(true);
    expect(readdirSync(at('store/packs'))).toEqual([]);
    expect(await store.packs.touch([pack])).toBe(false);
  });

  it('is read as before by who has it open, and is put back when its remover was killed', async () => {
    const bytes = randomBytes(1000);
    const id = await keep(bytes);
    const [pack] = store.packs.list();
    const aside = at(`store/packs/${pack?.id}.removed`);
    renameSync(pack?.file ?? '', aside);
    expect((await bytesOf(id)).equals(bytes)).toBe(true);
    const other = openBlockStore(at('store'));
    expect((await bytesOf(id, other)).equals(bytes)).toBe(true);
    await putBackLeaving(other.packs);
    expect(existsSync(aside)).toBe(false);
    expect((await bytesOf(id)).equals(bytes)).toBe(true);
    expect((await bytesOf(id, other)).equals(bytes)).toBe(true);
  });

  it('while a content that needs it is recorded is written anew', async () => {
    const shared = randomBytes(6 << 20);
    await keep(shared, [0, 1000]);
    const [pack] = store.packs.list();
    const second = openBlockStore(at('store'));
    // The first of the two windows is reported when it has been relied on.
    let removals = 0;
    const remove: Operation = {
      signal: unattended.signal,
      report: () => {
        if (removals++ === 0) rmSync(pack?.file ?? '');
      },
    };
    workspace.write('other.pt', Buffer.concat([shared, randomBytes(10)]));
    const { id } = await second.put(at('other.pt'), remove, [0, 1000]);
    expect(removals).toBeGreaterThan(2);
    expect(await second.check(id, unattended)).toBe('ok');
    expect(await openBlockStore(at('store')).check(id, unattended)).toBe('ok');
  });

  it('after its content was forgotten does not come back with a recipe', async () => {
    const id = await keep(randomBytes(5000));
    const [pack] = store.packs.list();
    if (!pack) throw new Error('no pack');
    rmSync(recipeFile(at('store'), id));
    expect(await kept(store)).toEqual([false]);
    age();
    await remove(store, pack);
    expect(await store.check(id, unattended)).toBe('missing');
    await store.put(at('m.pt'), unattended);
    expect(await store.check(id, unattended)).toBe('ok');
  });

  it('keeps nobody from knowing that a recipe is damaged: then nothing is known to be needless', async () => {
    const id = await keep(randomBytes(5000));
    flip(recipeFile(at('store'), id), 25);
    await expect(kept(store)).rejects.toMatchObject({ code: 'damaged' });
  });
});

describe('packs that others write', () => {
  it('are seen when they are needed, and relied on', async () => {
    const bytes = randomBytes(500_000);
    const other = openBlockStore(at('store'));
    expect(await listed(other)).toEqual([]);
    const id = await keep(bytes);
    expect((await bytesOf(id, other)).equals(bytes)).toBe(true);
    const [pack] = store.packs.list();
    if (!pack) throw new Error('no pack');
    age();
    const before = statSync(pack.file).size;
    await other.put(at('m.pt'), unattended);
    expect(readdirSync(at('store/packs'))).toHaveLength(1);
    expect(statSync(pack.file).size).toBe(before);
    // Relying on it has made it young again.
    expect(await remove(store, pack)).toBe(false);
  });
});

it('of a pack that a broken disk cannot read everywhere, all other records are found', async () => {
  await keep(randomBytes(6 << 20));
  const [pack] = store.packs.list();
  const handle = await open(pack!.file);
  try {
    const { blocks: all } = await walkPack(handle, pack!.size);
    const broken = [3_000_000, pack!.size - 1];
    const read = async (target: Buffer, offset: number, length: number, position: number) => {
      if (broken.some((place) => position <= place && place < position + length))
        throw Object.assign(new Error('i/o error'), { code: 'EIO' });
      return handle.read(target, offset, length, position);
    };
    const { blocks, gaps } = await walkPack({ read } as unknown as FileHandle, pack!.size);
    // The payload of a record is not read here: one more is lost only if its header is hit.
    expect(all.length - blocks.length).toBeLessThanOrEqual(1);
    expect(blocks.length).toBeGreaterThan(50);
    expect(gaps.at(-1)?.to).toBe(pack!.size);
  } finally {
    await handle.close();
  }
});
