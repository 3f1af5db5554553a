import { createCipheriv, randomBytes } from 'node:crypto';
import { readdirSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContentId } from '../../src/core/facts.ts';
import { unattended } from '../../src/core/operation.ts';
import { type BlockStore, openBlockStore } from '../../src/store/blockStore.ts';
import { splice, unsplice } from '../../src/store/splice.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

const mebi = 1 << 20;

let workspace: Workspace;
let store: BlockStore;
beforeEach(() => {
  workspace = makeWorkspace({ git: false });
  store = openBlockStore(at('store'));
});
afterEach(() => workspace.remove());
const at = (name: string): string => path.join(workspace.folder, name);

async function record(bytes: Buffer, parent?: ContentId): Promise<ContentId> {
  const id = workspace.write('m.bin', bytes);
  await store.put(at('m.bin'), unattended, undefined, parent);
  return id;
}

/** What the store takes, with all its lists. */
function takes(): number {
  return readdirSync(at('store'), { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(at(`store/${name}`)))
    .reduce((sum, found) => sum + (found.isFile() ? found.size : 0), 0);
}

/** Random bytes, the same in every run: how much two cuts have in common is a matter of chance. */
function noise(bytes: number, seed: number): Buffer {
  return createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16, seed)).update(Buffer.alloc(bytes));
}

/** Other bytes in so many places, spread over all, which make up a part of it. */
function changed(bytes: Buffer, places: number, fraction: number): Buffer {
  const copy = Buffer.from(bytes);
  const length = Math.round((bytes.length * fraction) / places);
  for (let place = 0; place < places; place++) {
    const from = Math.floor((bytes.length / places) * place);
    copy.set(noise(length, place + 1 + (bytes[from] ?? 0)), from);
  }
  return copy;
}

/** All packs as if nobody had touched them for two hours. */
function age(): void {
  const then = new Date(Date.now() - 7_200_000);
  for (const name of readdirSync(at('store/packs'))) utimesSync(at(`store/packs/${name}`), then, then);
}

async function expectWhole(...ids: ContentId[]): Promise<void> {
  const fresh = openBlockStore(at('store'));
  for (const id of ids) expect(await fresh.check(id, unattended)).toBe('ok');
  expect(fresh.packs.damages).toEqual([]);
}

describe('a file of which a part changed', () => {
  it('adds little more than what changed', async () => {
    const bytes = noise(128 * mebi, 0);
    const first = await record(bytes);
    const before = takes();
    const second = await record(changed(bytes, 3, 0.05), first);
    const added = takes() - before;
    expect(added / (0.05 * bytes.length)).toBeLessThan(1.05);
    await expectWhole(first, second);
  });

  it('adds next to nothing when bytes are put in or taken out', async () => {
    const bytes = noise(4 * mebi, 0);
    const first = await record(bytes);
    const lists = takes() - bytes.length;
    const before = takes();
    const middle = 2 * mebi + 77;
    const longer = Buffer.concat([bytes.subarray(0, middle), randomBytes(100), bytes.subarray(middle)]);
    const second = await record(longer, first);
    const third = await record(Buffer.concat([bytes.subarray(0, 1000), bytes.subarray(1100)]), first);
    expect(takes() - before).toBeLessThan(2 * lists + 1000);
    await expectWhole(first, second, third);
  });

  it('stays whole along a line of versions, and when those that it came from are forgotten and all is packed', async () => {
    let bytes = noise(3 * mebi, 0);
    const ids = [await record(bytes)];
    for (let version = 1; version < 6; version++) {
      bytes = changed(bytes, 2, 0.02);
      ids.push(await record(bytes, ids.at(-1)));
    }
    await expectWhole(...ids);
    const [last] = ids.splice(-1);
    await store.forget(ids, async () => () => false);
    await store.finishForgetting(async () => () => false);
    const source = { contents: [{ id: last! }], layoutOf: async () => undefined };
    for (const tidying of [() => store.pack(source, unattended), () => store.collectGarbage(unattended)]) {
      age();
      await tidying();
    }
    await expectWhole(last!);
    expect(takes()).toBeLessThan(1.2 * bytes.length);
  });

  it('is kept when the version that it came from is not here, or damaged', async () => {
    const bytes = randomBytes(mebi);
    const id = await record(bytes, 'ab'.repeat(32) as ContentId);
    await expectWhole(id);
  });
});

describe('a spliced block', () => {
  const bytes = fc.uint8Array({ maxLength: 20_000 });

  it('is what it was', () => {
    const parts = fc.tuple(bytes, bytes, bytes, bytes, bytes);
    fc.assert(
      fc.property(parts, ([start, middle, end, otherMiddle, more]) => {
        const raw = Buffer.concat([start, more, middle, end, more]);
        const base = Buffer.concat([start, more, otherMiddle, end, more]);
        const stored = splice(raw, base, new Set([0, base.length - raw.length]));
        if (!stored) return;
        expect(stored.length).toBeLessThan(raw.length);
        expect(Buffer.compare(unsplice(stored, raw.length, base) ?? Buffer.alloc(0), raw)).toBe(0);
      }),
    );
    const same = randomBytes(10_000);
    expect(splice(same, same, new Set([0]))).toHaveLength(16);
    expect(splice(same, randomBytes(10_000), new Set([0, 1, -1]))).toBeUndefined();
  });

  it('is refused when it says what cannot be', () => {
    const copies = fc.array(fc.tuple(fc.nat(100), fc.nat(100), fc.nat(100)), { maxLength: 4 });
    fc.assert(
      fc.property(copies, fc.nat(4), bytes, fc.nat(30_000), bytes, (list, missing, rest, length, base) => {
        const head = Buffer.from(Uint32Array.from([list.length + missing, ...list.flat()]).buffer);
        const raw = unsplice(Buffer.concat([head, rest]), length, base);
        expect(raw === undefined || raw.length === length).toBe(true);
      }),
    );
    const copy = Buffer.from(Uint32Array.of(1, 0, 0, 5).buffer);
    expect(unsplice(copy, 5, Buffer.alloc(4))).toBeUndefined();
    expect(unsplice(copy, 6, Buffer.alloc(8))).toBeUndefined();
    expect(unsplice(copy.subarray(0, 15), 5, Buffer.alloc(8))).toBeUndefined();
    expect(unsplice(copy, 5, Buffer.alloc(8))).toHaveLength(5);
  });
});
