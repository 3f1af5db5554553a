import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openBlockStore } from '../../src/store/blockStore.ts';
import { at, keep, store, workspace } from '../support/contentStore.ts';
import { damageContent, flip, recipeFile } from '../support/damage.ts';

/** Reads a content, beside `m.pt` which should have another. */
async function read(id: string, copy?: string, from = store): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const content = from.open(id, copy === undefined ? undefined : { file: at('m.pt'), id: copy });
  for await (const chunk of content) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Two contents of several windows that share their ends; the second is in the file. */
async function twoVersions() {
  const [start, middle, end] = [randomBytes(6 << 20), randomBytes(1 << 20), randomBytes(6 << 20)];
  const first = Buffer.concat([start, middle, end]);
  const second = Buffer.concat([start, randomBytes(1_234_567), end]);
  const id = await keep(first);
  return { first, id, copy: await keep(second), second };
}

describe('reading a content beside a file that shares blocks with it', () => {
  it('takes them from there: it needs no others that are whole', async () => {
    const { first, id, copy } = await twoVersions();
    // The last block of both.
    damageContent(at('store'), id);
    await expect(read(id, undefined, openBlockStore(at('store')))).rejects.toMatchObject({ code: 'damaged' });
    expect((await read(id, copy, openBlockStore(at('store')))).equals(first)).toBe(true);
  });

  it.each([
    ['was written over', (second: Buffer) => writeFileSync(at('m.pt'), randomBytes(second.length))],
    ['was cut off', (second: Buffer) => truncateSync(at('m.pt'), second.length >> 1)],
    ['is empty', () => truncateSync(at('m.pt'), 0)],
    ['is gone', () => rmSync(at('m.pt'))],
    ['is a folder', () => (rmSync(at('m.pt')), mkdirSync(at('m.pt')))],
    [
      'has a list of blocks that is gone',
      (_second: Buffer, copy: string) => rmSync(recipeFile(at('store'), copy)),
    ],
    [
      'has a list of blocks that is damaged',
      (_second: Buffer, copy: string) => flip(recipeFile(at('store'), copy), 40),
    ],
  ])('takes them from the packs when the file %s', async (_what, change) => {
    const { first, id, copy, second } = await twoVersions();
    change(second, copy);
    expect((await read(id, copy)).equals(first)).toBe(true);
    expect(store.packs.damages).toEqual([]);
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
        let copy = await keep(bytes);
        for (const { at: from, length, isRecorded } of changes) {
          randomBytes(length).copy(bytes, from, 0, Math.min(length, bytes.length - from));
          if (isRecorded) copy = await keep(bytes);
          else workspace.write('m.pt', bytes);
        }
        expect((await read(id, copy)).equals(first)).toBe(true);
      }),
      { numRuns: 15 },
    );
  });
});
