import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ContentId } from '../../src/core/facts.ts';
import { unattended } from '../../src/core/operation.ts';
import { type BlockStore, openBlockStore } from '../../src/store/blockStore.ts';
import { recordHeaderBytes } from '../../src/store/packFormat.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

/** As many flips for each file of the store as its part of this. */
const flips = 1000;
/** The same flips every time. */
const random = randomNumbers(20_261_121);

let workspace: Workspace;
/** Some contents that share blocks, kept in two packs. */
let ids: ContentId[];
const contents = new Map<ContentId, Buffer>();

beforeAll(async () => {
  workspace = makeWorkspace({ git: false });
  const store = openBlockStore(at('store'));
  const shared = randomBytes(120_000);
  const files = [
    Buffer.concat([randomBytes(1000), shared]),
    Buffer.concat([randomBytes(1032), shared, randomBytes(50_000)]),
    Buffer.alloc(0),
  ];
  for (const bytes of files) {
    const id = workspace.write('m.pt', bytes);
    const header = bytes.length % 1000;
    await store.put(at('m.pt'), unattended, [0, header, header + 40_000, header + 80_000, header + 120_000]);
    contents.set(id, bytes);
  }
  ids = [...contents.keys()];
});
afterAll(() => workspace.remove());
const at = (name: string): string => path.join(workspace.folder, name);

/** Mulberry32. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/** As if nobody had looked yet. */
function removeMarks(): void {
  for (const file of filesOf(at('store/packs'))) if (file.endsWith('.damaged')) rmSync(file);
}

async function bytesOf(store: BlockStore, id: ContentId): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.open(id)) chunks.push(Uint8Array.from(chunk));
  return Buffer.concat(chunks);
}

/** Which contents cannot be read any more; those that can must be what they were. */
async function lostIn(store: BlockStore): Promise<ContentId[]> {
  const lost: ContentId[] = [];
  for (const id of ids) {
    const state = await store.check(id, unattended);
    if (state === 'ok') {
      expect((await bytesOf(store, id)).equals(contents.get(id) ?? Buffer.alloc(1))).toBe(true);
    } else {
      expect(state).toBe('damaged');
      await expect(bytesOf(store, id)).rejects.toMatchObject({ code: 'damaged' });
      lost.push(id);
    }
  }
  return lost;
}

/** Says which contents cannot do without a byte of a file, while the store is whole. */
async function needers(): Promise<(file: string, offset: number) => ContentId[]> {
  const store = openBlockStore(at('store'));
  await store.packs.scan();
  const hashes = new Map<ContentId, Set<string>>();
  for (const id of ids) {
    const recipe = await store.recipes.read(id);
    const blocks = Array.from({ length: recipe?.count ?? 0 }, (_, number) =>
      recipe?.hashAt(number).toString('hex'),
    );
    hashes.set(id, new Set(blocks.filter((hash) => hash !== undefined)));
  }
  const { table } = store.packs;
  return (file, offset) => {
    const pack = store.packs.list().find((pack) => pack.file === file);
    if (!pack) return [path.basename(file)];
    for (let block = pack.first; block < pack.end; block++) {
      const place = table.at(block);
      const from = place.offset + recordHeaderBytes;
      if (offset < from || offset >= from + place.stored) continue;
      const hash = Buffer.from(table.hashAt(block)).toString('hex');
      return ids.filter((id) => hashes.get(id)?.has(hash));
    }
    return [];
  };
}

describe('a flipped byte', () => {
  it(`is found wherever it is, and harms no content that does not need it (${flips} flips)`, async () => {
    const files = filesOf(at('store'));
    const sizes = files.map((file) => statSync(file).size);
    // As often in the short parts as in the long ones: the ends of a file are where its structure is.
    const needersOf = await needers();
    let harmless = 0;
    let harmful = 0;
    for (let flip = 0; flip < flips; flip++) {
      const number = flip % files.length;
      const file = files[number] ?? '';
      const size = sizes[number] ?? 0;
      const near = Math.min(size, 300);
      const offset = [random(size), random(near), size - 1 - random(near)][random(3)] ?? 0;
      const good = readFileSync(file);
      const bad = Buffer.from(good);
      bad[offset] = (bad[offset] ?? 0) ^ (1 + random(255));
      chmodSync(file, 0o644);
      writeFileSync(file, bad);
      const store = openBlockStore(at('store'));
      const lost = await lostIn(store);
      const named = store.packs.damages.filter((damage) => damage.file === file);
      expect(named, `${file} at ${offset}`).not.toEqual([]);
      for (const { part, from, to } of named) {
        if (part !== 'recipe' && to > from) expect(offset).toBeGreaterThanOrEqual(from);
      }
      expect(store.packs.damages).toHaveLength(named.length);
      expect(lost, `${file} at ${offset}`).toEqual(needersOf(file, offset));
      if (lost.length > 0) harmful++;
      else harmless++;
      writeFileSync(file, good);
      removeMarks();
    }
    expect(harmless).toBeGreaterThan(flips / 20);
    expect(harmful).toBeGreaterThan(flips / 10);
    const store = openBlockStore(at('store'));
    expect(await lostIn(store)).toEqual([]);
    expect(store.packs.damages).toEqual([]);
  }, 120_000);
});

describe('a truncated pack', () => {
  it('loses what was behind its end, and nothing else', async () => {
    const packs = filesOf(at('store/packs'));
    for (const pack of packs) {
      copyFileSync(pack, at('whole'));
      const { size } = statSync(pack);
      chmodSync(pack, 0o644);
      // Without its trailer it still has every block.
      truncateSync(pack, size - 10);
      const store = openBlockStore(at('store'));
      expect(await lostIn(store)).toEqual([]);
      expect(store.packs.damages).toMatchObject([{ file: pack, part: 'index' }]);
      for (const left of [size - 5000, Math.floor(size / 2), 100, 8, 3, 0]) {
        truncateSync(pack, left);
        const short = openBlockStore(at('store'));
        const lost = await lostIn(short);
        expect(lost.length).toBeGreaterThan(left === size - 5000 ? -1 : 0);
        expect(lost).not.toContain(ids[2]);
        expect(short.packs.damages.length).toBeGreaterThan(0);
      }
      copyFileSync(at('whole'), pack);
      removeMarks();
    }
    expect(await lostIn(openBlockStore(at('store')))).toEqual([]);
  });

  it('is made up for when the file is recorded again', async () => {
    cpSync(at('store'), at('other'), { recursive: true });
    for (const pack of filesOf(at('other/packs'))) {
      chmodSync(pack, 0o644);
      truncateSync(pack, 50_000);
    }
    const store = openBlockStore(at('other'));
    expect((await lostIn(store)).length).toBeGreaterThan(0);
    for (const [id, bytes] of contents) {
      workspace.write('again.pt', bytes);
      expect(await store.put(at('again.pt'), unattended)).toMatchObject({ id });
    }
    expect(await lostIn(openBlockStore(at('other')))).toEqual([]);
    rmSync(at('other'), { recursive: true });
  });
});
