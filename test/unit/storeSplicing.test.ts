import { randomBytes, randomFillSync } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
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

/** Other bytes in so many places, spread over all, which make up a part of it. */
function changed(bytes: Buffer, places: number, fraction: number): Buffer {
  const copy = Buffer.from(bytes);
  const length = Math.round((bytes.length * fraction) / places);
  for (let place = 0; place < places; place++) {
    randomFillSync(copy, Math.floor((bytes.length / places) * place), length);
  }
  return copy;
}

async function expectWhole(...ids: ContentId[]): Promise<void> {
  const fresh = openBlockStore(at('store'));
  for (const id of ids) expect(await fresh.check(id, unattended)).toBe('ok');
  expect(fresh.damages()).toEqual([]);
}

describe('a file of which a part changed', () => {
  it('adds little more than what changed', async () => {
    // Places of a mebibyte, as in the bench.
    const bytes = randomBytes(64 * mebi);
    const first = await record(bytes);
    const before = takes();
    const second = await record(changed(bytes, 3, 0.05), first);
    const added = takes() - before;
    expect(added / (0.05 * bytes.length)).toBeLessThan(1.05);
    await expectWhole(first, second);
  });

  it('adds next to nothing when bytes are put in or taken out', async () => {
    const bytes = randomBytes(4 * mebi);
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
    let bytes = randomBytes(3 * mebi);
    const ids = [await record(bytes)];
    for (let version = 1; version < 6; version++) {
      bytes = changed(bytes, 2, 0.02);
      ids.push(await record(bytes, ids.at(-1)));
    }
    await expectWhole(...ids);
    const [last] = ids.splice(-1);
    for (const id of ids) await store.forget(id, async () => false);
    await store.finishForgetting(async () => false);
    const source = { contents: [{ id: last! }], layoutOf: async () => undefined };
    await store.pack(source, unattended, { graceMs: 0 });
    await store.collectGarbage(unattended, { graceMs: 0 });
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
        const stored = splice(raw, base);
        if (!stored) return;
        expect(stored.length).toBeLessThan(raw.length);
        expect(Buffer.compare(unsplice(stored, raw.length, base) ?? Buffer.alloc(0), raw)).toBe(0);
      }),
    );
    const same = randomBytes(10_000);
    expect(splice(same, same)).toHaveLength(8);
  });

  it('is refused when it says what cannot be', () => {
    fc.assert(
      fc.property(bytes, fc.nat(30_000), bytes, (stored, length, base) => {
        const raw = unsplice(stored, length, base);
        expect(raw === undefined || raw.length === length).toBe(true);
      }),
    );
    const head = Buffer.alloc(8);
    head.writeUInt32LE(5, 0);
    expect(unsplice(head, 5, Buffer.alloc(4))).toBeUndefined();
    expect(unsplice(head, 6, Buffer.alloc(8))).toBeUndefined();
    expect(unsplice(head.subarray(0, 7), 5, Buffer.alloc(8))).toBeUndefined();
  });
});
