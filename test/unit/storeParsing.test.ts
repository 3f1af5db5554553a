import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TrailError } from '../../src/core/errors.ts';
import { loadPack } from '../../src/store/packFile.ts';
import {
  maxBlockBytes,
  packMagic,
  readRecordHeader,
  recordHeaderBytes,
  writeRecordHeader,
} from '../../src/store/packFormat.ts';
import { IndexBuilder, indexStart, parseIndex } from '../../src/store/packIndex.ts';
import { isRecipeSize, parseRecipe, RecipeBuilder } from '../../src/store/recipe.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

let workspace: Workspace;
beforeEach(() => {
  workspace = makeWorkspace({ git: false });
});
afterEach(() => workspace.remove());

const runs = { numRuns: 500 };
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
const hashes = fc.uint8Array({ minLength: 32, maxLength: 32 });
const entries = fc.array(
  fc
    .record({
      hash: hashes,
      encoding: fc.nat(3),
      raw: fc.integer({ min: 1, max: maxBlockBytes }),
      base: hashes,
    })
    .chain(({ hash, encoding, raw, base }) =>
      fc.integer({ min: 1, max: raw }).map((length) => ({
        hash,
        encoding,
        raw,
        stored: encoding === 0 ? raw : length,
        base: encoding >= 2 ? base : undefined,
      })),
    ),
  { maxLength: 200 },
);
/** What a file may have become: some bytes changed, some gone or too many at the end, and, if wanted, a checksum that is right again. */
const harm = fc.record({
  changes: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
  words: fc.array(fc.tuple(fc.nat(), fc.constantFrom(0xff, 0x7f, 0, 1)), { maxLength: 2 }),
  cut: fc.option(fc.nat(), { nil: undefined }),
  more: fc.uint8Array({ maxLength: 100 }),
});

function harmed(
  bytes: Buffer,
  { changes, words, cut, more }: typeof harm extends fc.Arbitrary<infer T> ? T : never,
): Buffer {
  const end = cut === undefined ? bytes.length : cut % (bytes.length + 1);
  const result = Buffer.concat([bytes.subarray(0, end), more]);
  for (const [at, value] of changes) if (result.length > 0) result[at % result.length] = value;
  for (const [at, value] of words)
    if (result.length > 4) result.fill(value, at % (result.length - 4), (at % (result.length - 4)) + 4);
  return result;
}

describe('a recipe', () => {
  const items = fc.array(fc.tuple(hashes, fc.integer({ min: 1, max: maxBlockBytes })), { maxLength: 200 });
  const built = (blocks: readonly [Uint8Array, number][]): Buffer => {
    const builder = new RecipeBuilder();
    for (const [hash, length] of blocks) builder.add(hash, length);
    return builder.build().format();
  };

  it('is read as it was written', () => {
    fc.assert(
      fc.property(items, (blocks) => {
        const recipe = parseRecipe(built(blocks));
        expect(recipe.size).toBe(blocks.reduce((sum, [, length]) => sum + length, 0));
        expect(recipe.count).toBe(blocks.length);
        for (const [number, [hash, length]] of blocks.entries()) {
          expect(recipe.hashAt(number).equals(hash)).toBe(true);
          expect(recipe.lengthAt(number)).toBe(length);
        }
      }),
    );
  });

  it('that is not as it was written is refused, also where its checksum was made to fit', () => {
    fc.assert(
      fc.property(items, harm, fc.boolean(), (blocks, what, fit) => {
        const good = built(blocks);
        const bad = harmed(good, what);
        if (bad.equals(good)) return;
        if (fit && bad.length >= 32) sha256(bad.subarray(0, -32)).copy(bad, bad.length - 32);
        try {
          const recipe = parseRecipe(bad);
          // Whoever made the checksum fit can also have made another recipe, but not one that says what cannot be.
          expect(fit).toBe(true);
          let size = 0;
          for (let number = 0; number < recipe.count; number++) {
            expect(recipe.lengthAt(number)).toBeLessThanOrEqual(maxBlockBytes);
            size += recipe.lengthAt(number);
          }
          expect(size).toBe(recipe.size);
        } catch (error) {
          if (!TrailError.is(error, 'damaged')) throw error;
        }
      }),
      runs,
    );
  });

  it('of an impossible size is not even read', () => {
    expect(isRecipeSize(20 + 32)).toBe(true);
    expect(isRecipeSize(20 + 36 * 1000 + 32)).toBe(true);
    for (const bytes of [0, 51, 53, 20 + 36 * (2 ** 23 + 1) + 32, 2 ** 40])
      expect(isRecipeSize(bytes)).toBe(false);
  });
});

describe('the index of a pack', () => {
  const built = (blocks: typeof entries extends fc.Arbitrary<infer T> ? T : never) => {
    const builder = new IndexBuilder();
    for (const block of blocks) builder.add(block);
    return builder.build();
  };

  it('is read as it was written', () => {
    fc.assert(
      fc.property(entries, (blocks) => {
        const index = built(blocks);
        const bytes = index.format();
        expect(indexStart(bytes.subarray(-56), index.end + bytes.length)).toBe(index.end);
        const parsed = parseIndex(bytes, index.end);
        let offset = packMagic.length;
        const expected = blocks.map((block) => {
          const placed = {
            ...block,
            hash: Buffer.from(block.hash),
            base: block.base && Buffer.from(block.base),
            offset,
          };
          offset += recordHeaderBytes + block.stored;
          return placed;
        });
        expect([...(parsed?.blocks() ?? [])]).toEqual(expected);
      }),
    );
  });

  it('that is not as it was written is not taken for one', () => {
    fc.assert(
      fc.property(entries, harm, fc.boolean(), (blocks, what, fit) => {
        const index = built(blocks);
        const good = index.format();
        const bad = harmed(good, what);
        if (bad.equals(good)) return;
        if (fit && bad.length >= 56) sha256(bad.subarray(0, -56)).copy(bad, bad.length - 40);
        const parsed = parseIndex(bad, index.end);
        if (!fit) expect(parsed).toBeUndefined();
        // Every block that it names lies within the pack.
        for (const { offset, stored, raw } of parsed?.blocks() ?? []) {
          expect(offset + recordHeaderBytes + stored).toBeLessThanOrEqual(index.end);
          expect(raw).toBeLessThanOrEqual(maxBlockBytes);
        }
      }),
      runs,
    );
  });
});

describe('the header of a record', () => {
  it('is read as it was written, and is none when a byte of it is not', () => {
    fc.assert(
      fc.property(
        entries,
        fc.nat(recordHeaderBytes - 1),
        fc.integer({ min: 1, max: 255 }),
        (blocks, at, change) => {
          for (const block of blocks) {
            const header = Buffer.alloc(recordHeaderBytes);
            writeRecordHeader(header, 0, block);
            expect(readRecordHeader(header, 0)).toEqual({
              ...block,
              hash: Buffer.from(block.hash),
              base: block.base && Buffer.from(block.base),
            });
            header[at] = (header[at] ?? 0) ^ change;
            expect(readRecordHeader(header, 0)).toBeUndefined();
          }
        },
      ),
    );
  });
});

describe('a pack', () => {
  const pack = (): Buffer => {
    const index = new IndexBuilder();
    const parts: Buffer[] = [packMagic];
    for (let number = 0; number < 5; number++) {
      const bytes = randomBytes(100 + 300 * number);
      const header = Buffer.alloc(recordHeaderBytes);
      const entry = { hash: sha256(bytes), encoding: 0, stored: bytes.length, raw: bytes.length };
      writeRecordHeader(header, 0, entry);
      index.add(entry);
      parts.push(header, bytes);
    }
    return Buffer.concat([...parts, index.build().format()]);
  };

  it('of whatever bytes is read, and what is in it lies within it', async () => {
    const file = path.join(workspace.folder, 'x.pack');
    const whole = pack();
    const anything = fc.oneof(
      harm.map((what) => harmed(whole, what)),
      fc.uint8Array({ maxLength: 500 }),
      // Magic numbers all over.
      fc
        .array(fc.constantFrom('MBLK', 'MTPACK1\0', 'MTPKEND1', '\0\0\0\0', 'MB'), { maxLength: 60 })
        .map((words) => Buffer.from(words.join(''), 'latin1')),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (bytes) => {
        writeFileSync(file, bytes);
        const loaded = await loadPack(file);
        expect(loaded.size).toBe(bytes.length);
        const blocks = [...loaded.blocks];
        for (const { offset, stored } of blocks) {
          expect(offset + recordHeaderBytes + stored).toBeLessThanOrEqual(bytes.length);
        }
        const isWhole = Buffer.from(bytes).equals(whole);
        if (!isWhole && blocks.length < 5) expect(loaded.damages).not.toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('with a broken record in its middle still gives the others, without its index too', async () => {
    const file = path.join(workspace.folder, 'x.pack');
    const whole = pack();
    writeFileSync(file, whole);
    const all = [...(await loadPack(file)).blocks].map(({ hash }) => Buffer.from(hash).toString('hex'));
    const third = [...(await loadPack(file)).blocks][2]?.offset ?? 0;
    whole.writeUInt32LE(0xffff_ffff, third + 8);
    whole.fill(0, whole.length - 20);
    writeFileSync(file, whole);
    const { blocks, damages } = await loadPack(file);
    expect([...blocks].map(({ hash }) => Buffer.from(hash).toString('hex'))).toEqual(all.toSpliced(2, 1));
    expect(damages).toMatchObject([
      { part: 'record', from: third },
      { part: 'index', to: whole.length },
    ]);
  });
});
