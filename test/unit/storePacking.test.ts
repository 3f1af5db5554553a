import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContentId } from '../../src/core/facts.ts';
import { type Operation, unattended } from '../../src/core/operation.ts';
import { blockStarts, tensorLayout } from '../../src/formats/layout.ts';
import { bytesAccess } from '../../src/formats/randomAccess.ts';
import { type BlockStore, openBlockStore } from '../../src/store/blockStore.ts';
import type { PackContent } from '../../src/store/packing.ts';
import { noisy, weights } from '../support/weights.ts';
import { damageContent, recipeFile } from '../support/damage.ts';
import { safetensorsOf, type Tensors } from '../support/models.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

let workspace: Workspace;
let store: BlockStore;
beforeEach(() => {
  workspace = makeWorkspace({ git: false });
  store = openBlockStore(at('store'));
});
afterEach(() => workspace.remove());
const at = (name: string): string => path.join(workspace.folder, name);
const names = Array.from({ length: 10 }, (_, index) => `layer.${index}`);

type Dtype = 'F32' | 'BF16';

function model(dtype: Dtype, bytes = 400_000): Tensors {
  return Object.fromEntries(names.map((name) => [name, weights(dtype, bytes)]));
}

function tuned(tensors: Tensors, dtype: Dtype, among = names): Tensors {
  const all = Object.entries(tensors);
  return Object.fromEntries(
    all.map(([name, bytes]) => [name, among.includes(name) ? noisy(dtype, bytes, 1e-3) : bytes]),
  );
}

/** Contents with what they came from, and the bytes of each. */
const contents: PackContent[] = [];
const files = new Map<ContentId, Buffer>();
beforeEach(() => {
  contents.length = 0;
  files.clear();
});

async function record(file: Buffer, parent?: ContentId): Promise<ContentId> {
  const id = workspace.write('m.safetensors', file);
  const layout = await tensorLayout(bytesAccess(file), 'm.safetensors');
  await store.put(at('m.safetensors'), unattended, layout && blockStarts(layout, file.length));
  contents.push({ id, parent });
  files.set(id, file);
  return id;
}

const source = {
  contents,
  layoutOf: async (id: ContentId) => tensorLayout(bytesAccess(files.get(id)!), 'm.safetensors'),
};

function pack(operation: Operation = unattended, options = { graceMs: 3_600_000 }) {
  return openBlockStore(at('store')).pack(source, operation, options);
}

function packFiles(): string[] {
  return readdirSync(at('store/packs')).sort();
}

function packBytes(): number {
  return packFiles().reduce((sum, name) => sum + statSync(at(`store/packs/${name}`)).size, 0);
}

/** All packs as if nobody had touched them for two hours. */
function age(): void {
  const then = new Date(Date.now() - 7_200_000);
  for (const name of packFiles()) utimesSync(at(`store/packs/${name}`), then, then);
}

async function expectWhole(...ids: ContentId[]): Promise<void> {
  const fresh = openBlockStore(at('store'));
  for (const id of ids) expect(await fresh.check(id, unattended)).toBe('ok');
  expect(fresh.packs.damages).toEqual([]);
}

describe('packing', () => {
  it.each([
    ['F32', 0.065, 0.6],
    ['BF16', 0.02, 0.18],
  ] as const)('%s: fine-tunes take a part of what they hold', async (dtype, ofATenth, ofAll) => {
    const base = model(dtype);
    const size = safetensorsOf(base, dtype).length;
    const first = await record(safetensorsOf(base, dtype));
    await pack();
    const atFirst = packBytes();
    // The header became longer, as another library might write it.
    const tenth = await record(safetensorsOf(tuned(base, dtype, ['layer.3']), dtype, 32), first);
    await pack();
    const withTenth = packBytes();
    expect((withTenth - atFirst) / size).toBeLessThan(ofATenth);
    const full = await record(safetensorsOf(tuned(base, dtype), dtype), first);
    await pack();
    expect((packBytes() - withTenth) / size).toBeLessThan(ofAll + 0.005);
    await expectWhole(first, tenth, full);
    // What was replaced is gone at once, as all of it is in the new packs.
    expect(packBytes()).toBeLessThan(2.2 * size);
  });

  it('does nothing the second time', async () => {
    const first = await record(safetensorsOf(model('F32'), 'F32'));
    await record(randomBytes(300_000), first);
    await pack();
    const before = packFiles();
    const progress: number[] = [];
    await pack({ signal: unattended.signal, report: ({ done }) => progress.push(done) });
    expect(packFiles()).toEqual(before);
    expect(progress).toEqual([]);
  });

  it('never needs more than two blocks for one, however long the line of versions', async () => {
    let tensors = model('F32', 50_000);
    const ids: ContentId[] = [];
    for (let version = 0; version < 5; version++) {
      ids.push(await record(safetensorsOf(tensors, 'F32'), ids.at(-1)));
      tensors = tuned(tensors, 'F32');
    }
    await pack();
    const fresh = openBlockStore(at('store'));
    await fresh.packs.scan();
    const { table } = fresh.packs;
    let deltas = 0;
    for (let block = 0; block < table.count; block++) {
      const base = table.baseOf(block);
      if (!base) continue;
      deltas++;
      expect(table.baseOf(table.find(base))).toBeUndefined();
    }
    expect(deltas).toBeGreaterThanOrEqual(40);
    await expectWhole(...ids);
  });

  it('stops when it is told to, at the next block, and goes on later', async () => {
    const first = await record(safetensorsOf(model('F32'), 'F32'));
    const stop = new AbortController();
    let after = 0;
    const operation: Operation = {
      signal: stop.signal,
      report: ({ done }) => {
        if (stop.signal.aborted) after++;
        if (done > 500_000) stop.abort();
      },
    };
    const before = packFiles();
    await expect(pack(operation)).rejects.toMatchObject({ code: 'cancelled' });
    expect(after).toBe(0);
    expect(packFiles()).toEqual(before);
    expect(readdirSync(at('store/tmp'))).toEqual([]);
    await pack();
    expect(packFiles()).not.toEqual(before);
    await expectWhole(first);
  });

  it('lets others have their turn after each block', async () => {
    await record(safetensorsOf(model('F32', 1 << 20), 'F32'));
    let turns = 0;
    const clock = setInterval(() => turns++, 0);
    await pack();
    clearInterval(clock);
    expect(turns).toBeGreaterThan(names.length);
  });

  it('makes the folder for what is being written where it is gone', async () => {
    const first = await record(safetensorsOf(model('F32', 50_000), 'F32'));
    rmSync(at('store/tmp'), { recursive: true });
    const before = packFiles();
    await pack();
    expect(packFiles()).not.toEqual(before);
    await expectWhole(first);
  });

  it('is done by one process at a time', async () => {
    await record(safetensorsOf(model('F32'), 'F32'));
    const packs = await Promise.all([pack(), pack(), pack()]);
    expect(packs.filter(({ removed }) => removed > 0)).toHaveLength(1);
    expect(packFiles()).toHaveLength(1);
  });

  it('leaves alone what is damaged, and packs the rest', async () => {
    const first = await record(safetensorsOf(model('F32'), 'F32'));
    const second = await record(safetensorsOf(model('F32'), 'F32'));
    damageContent(at('store'), first);
    await pack();
    const fresh = openBlockStore(at('store'));
    expect(await fresh.check(second, unattended)).toBe('ok');
    expect(await fresh.damagedRanges(first, unattended)).toHaveLength(1);
  });

  it('joins many small packs', async () => {
    const ids: ContentId[] = [];
    for (let version = 0; version < 20; version++) ids.push(await record(randomBytes(2000), ids.at(-1)));
    expect(packFiles()).toHaveLength(20);
    await pack();
    expect(packFiles()).toHaveLength(1);
    await expectWhole(...ids);
  });
});

describe('what nobody needs any more', () => {
  it('goes when nobody relied on it for an hour, and not before', async () => {
    const first = await record(randomBytes(500_000));
    const second = await record(randomBytes(500_000));
    rmSync(recipeFile(at('store'), first));
    expect(await store.collectGarbage(unattended)).toMatchObject({ removed: 0 });
    expect((await store.collectGarbage(unattended)).waiting).toBeGreaterThan(500_000);
    age();
    expect(await store.collectGarbage(unattended)).toMatchObject({ removed: 1, waiting: 0 });
    expect(packBytes()).toBeLessThan(502_000);
    await expectWhole(second);
  });

  it('goes also from packs that hold other things, when it is more than half', async () => {
    const tensors = model('F32', 100_000);
    const first = await record(safetensorsOf(tensors, 'F32'));
    const second = await record(
      safetensorsOf({ keep: tensors['layer.1']!, other: weights('F32', 1000) }, 'F32'),
    );
    rmSync(recipeFile(at('store'), first));
    age();
    const before = packBytes();
    const { freed } = await store.collectGarbage(unattended);
    expect(packBytes()).toBeLessThan(110_000);
    expect(freed).toBe(before - packBytes());
    await expectWhole(second);
  });

  it('stays while something is stored as the difference to it, until that is packed anew', async () => {
    const base = model('F32', 100_000);
    const first = await record(safetensorsOf(base, 'F32'));
    const second = await record(safetensorsOf(tuned(base, 'F32'), 'F32'), first);
    await pack();
    rmSync(recipeFile(at('store'), first));
    contents.shift();
    age();
    await openBlockStore(at('store')).collectGarbage(unattended);
    await expectWhole(second);
    await pack();
    age();
    await pack();
    const packed = packFiles();
    await pack();
    expect(packFiles()).toEqual(packed);
    await expectWhole(second);
    expect(packBytes()).toBeLessThan(950_000);
  });

  it('comes back when it is recorded at the same moment', async () => {
    const file = randomBytes(3 << 20);
    const id = await record(file);
    rmSync(recipeFile(at('store'), id));
    age();
    const other = openBlockStore(at('store'));
    let collecting: Promise<unknown> | undefined;
    await other.put(
      at('m.safetensors'),
      { signal: unattended.signal, report: () => (collecting ??= store.collectGarbage(unattended)) },
      [0, 1000, 1 << 20],
    );
    await collecting;
    await expectWhole(id);
  });

  it('is told apart from what is needed only where every recipe can be read', async () => {
    const id = await record(randomBytes(5000));
    const other = await record(randomBytes(5000));
    const bytes = readFileSync(recipeFile(at('store'), id));
    rmSync(recipeFile(at('store'), id));
    writeFileSync(recipeFile(at('store'), id), bytes.subarray(0, -1));
    age();
    await expect(store.collectGarbage(unattended)).rejects.toMatchObject({ code: 'damaged' });
    expect(packFiles()).toHaveLength(2);
    await expectWhole(other);
  });

  it('needs no store to be there', async () => {
    expect(await store.collectGarbage(unattended)).toEqual({ removed: 0, freed: 0, waiting: 0 });
    expect(readdirSync(workspace.folder)).toEqual([]);
  });
});
