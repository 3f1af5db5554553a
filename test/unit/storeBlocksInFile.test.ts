import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { type BlockStore, openBlockStore } from '../../src/store/blockStore.ts';
import { damageContent, recipeFile } from '../support/damage.ts';
import { code } from '../support/trails.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

let workspace: Workspace;
let store: BlockStore;
beforeEach(() => {
  workspace = makeWorkspace({ git: false });
  store = openBlockStore(at('store'));
});
afterEach(() => workspace.remove());
const at = (name: string): string => path.join(workspace.folder, name);

async function put(bytes: Uint8Array): Promise<string> {
  workspace.write('m.pt', bytes);
  return (await store.put(at('m.pt'), unattended)).id;
}

async function read(id: string, copy?: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const content = store.open(id, copy === undefined ? undefined : { file: at('m.pt'), id: copy });
  for await (const chunk of content) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Two contents of several windows that share their ends; the second is in the file. */
async function twoVersions() {
  const [start, middle, end] = [randomBytes(6 << 20), randomBytes(1 << 20), randomBytes(6 << 20)];
  const first = Buffer.concat([start, middle, end]);
  const second = Buffer.concat([start, randomBytes(1_234_567), end]);
  const id = await put(first);
  return { first, id, copy: await put(second), second };
}

describe('reading a content beside a file that shares blocks with it', () => {
  it('takes them from there: it needs no others that are whole', async () => {
    const { first, id, copy } = await twoVersions();
    // The last block of both.
    damageContent(at('store'), id);
    store = openBlockStore(at('store'));
    await expect(read(id)).rejects.toEqual(code('damaged'));
    store = openBlockStore(at('store'));
    expect((await read(id, copy)).equals(first)).toBe(true);
  });

  it.each([
    ['was written over', (second: Buffer) => writeFileSync(at('m.pt'), randomBytes(second.length))],
    ['was cut off', (second: Buffer) => truncateSync(at('m.pt'), second.length >> 1)],
    ['is empty', () => truncateSync(at('m.pt'), 0)],
    ['is gone', () => rmSync(at('m.pt'))],
    ['is a folder', () => (rmSync(at('m.pt')), mkdirSync(at('m.pt')))],
    ['has a list of blocks that is damaged', () => {}],
  ])('takes them from the packs when the file %s', async (what, change) => {
    const { first, id, copy, second } = await twoVersions();
    change(second);
    if (what.includes('list')) rmSync(recipeFile(at('store'), copy));
    expect((await read(id, copy)).equals(first)).toBe(true);
    expect(store.damages()).toEqual([]);
  });

  it('gives the same bytes, whatever was changed in the file, known or not', async () => {
    const { first, id, second } = await twoVersions();
    const change = fc.record({
      at: fc.nat(second.length - 1),
      length: fc.integer({ min: 1, max: 300_000 }),
      isRecorded: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 4 }), async (changes) => {
        const bytes = Buffer.from(second);
        let copy = await put(bytes);
        for (const { at: from, length, isRecorded } of changes) {
          randomBytes(length).copy(bytes, from, 0, Math.min(length, bytes.length - from));
          if (isRecorded) copy = await put(bytes);
          else workspace.write('m.pt', bytes);
        }
        expect((await read(id, copy)).equals(first)).toBe(true);
      }),
      { numRuns: 15 },
    );
  });
});
