import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkerWith, maxChunk, minChunk, type Chunker } from '../../src/store/chunker.ts';
import { plainScanner } from '../../src/store/kernel/gear.ts';
import { scannedMemory } from '../../src/store/kernel/scannedMemory.ts';

const root = path.join(import.meta.dirname, '..', '..');
const memory = scannedMemory(9_000_000);
const wasm = chunkerWith(memory.scanner);
const plain = chunkerWith(plainScanner());

/** A copy of the bytes that WebAssembly can read. */
function inMemory(bytes: Uint8Array): Uint8Array {
  memory.bytes.set(bytes);
  return memory.bytes.subarray(0, bytes.length);
}

/** The ends of all chunks of a file that is here as a whole. */
function ends(chunker: Chunker, bytes: Uint8Array): number[] {
  const all: number[] = [];
  for (let at = 0; at < bytes.length;) all.push((at = chunker.cut(bytes, at, bytes.length, true)));
  return all;
}

/** Bytes that look random and are the same in every run. */
function noise(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

function chunkHashes(bytes: Uint8Array): string[] {
  let start = 0;
  return ends(wasm, inMemory(bytes)).map((end) => {
    const hash = createHash('sha256').update(bytes.subarray(start, end)).digest('hex');
    start = end;
    return hash;
  });
}

describe('content-defined chunking', () => {
  it.each([
    ['nothing', new Uint8Array(0)],
    ['one byte', Uint8Array.of(7)],
    ['the minimum', noise(minChunk, 1)],
    ['one more than the minimum', noise(minChunk + 1, 1)],
    ['the maximum', noise(maxChunk, 2)],
    ['zeros', new Uint8Array(1_500_001)],
    ['0xff', new Uint8Array(700_000).fill(255)],
    ['a period of 4', Uint8Array.from({ length: 1_000_003 }, (_, i) => [0, 0, 128, 63][i % 4]!)],
    ['a period of 997', Uint8Array.from({ length: 2_000_000 }, (_, i) => (i % 997) * 31)],
    ['noise', noise(8_000_000, 3)],
  ])('is the same in WebAssembly and in TypeScript: %s', (_, bytes) => {
    const found = ends(wasm, inMemory(bytes));
    expect(found).toEqual(ends(plain, bytes));
    expect(found.at(-1) ?? 0).toBe(bytes.length);
  });

  it('is the same in both for any bytes, ranges and seeds', () => {
    const piece = fc.oneof(
      fc.record({ seed: fc.integer(), length: fc.integer({ min: 1, max: 300_000 }) }),
      fc.record({ byte: fc.nat(255), length: fc.integer({ min: 1, max: 300_000 }) }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 4 }), fc.nat(40_000), fc.boolean(), (pieces, start, final) => {
        const bytes = Buffer.concat(
          pieces.map((p) => ('seed' in p ? noise(p.length, p.seed) : new Uint8Array(p.length).fill(p.byte))),
        );
        const from = Math.min(start, bytes.length);
        const found = wasm.cut(inMemory(bytes), from, bytes.length, final);
        expect(found).toBe(plain.cut(bytes, from, bytes.length, final));
        if (found === -1) expect(bytes.length - from).toBeLessThan(maxChunk);
        else expect(found - from).toBeLessThanOrEqual(maxChunk);
      }),
      { numRuns: 60 },
    );
  });

  it('finds the same ends when the bytes arrive in pieces', () => {
    const bytes = inMemory(noise(3_000_000, 4));
    const found: number[] = [];
    let start = 0;
    for (let end = 0; start < bytes.length; end = Math.min(bytes.length, end + 70_001)) {
      for (let cut = 0; cut !== -1 && start < end;) {
        cut = wasm.cut(bytes, start, end, end === bytes.length);
        if (cut !== -1) found.push((start = cut));
      }
    }
    expect(found).toEqual(ends(wasm, bytes));
  });

  it('keeps sizes between the minimum and the maximum, near 64 KiB', () => {
    const bytes = inMemory(noise(9_000_000, 5));
    const found = ends(wasm, bytes);
    const sizes = found.map((end, i) => end - (found[i - 1] ?? 0));
    expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThanOrEqual(minChunk);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(maxChunk);
    const average = bytes.length / sizes.length;
    expect(average).toBeGreaterThan(48 * 1024);
    expect(average).toBeLessThan(96 * 1024);
  });

  it('shares all but a few chunks with a file that had bytes put in and taken out', () => {
    const bytes = noise(8_000_000, 6);
    const changed = Buffer.concat([
      noise(37, 7),
      bytes.subarray(0, 3_000_000),
      bytes.subarray(3_000_999, 5_000_000),
      noise(1, 8),
      bytes.subarray(5_000_000),
    ]);
    const before = new Set(chunkHashes(bytes));
    const isNew = chunkHashes(changed).filter((hash) => !before.has(hash));
    expect(isNew.length).toBeGreaterThan(0);
    expect(isNew.length).toBeLessThanOrEqual(9);
  });
});

describe('the kernel that is committed', () => {
  const builtWith = /clang (\d+)/.exec(
    readFileSync(path.join(root, 'src/store/kernel/gear.wasm.ts'), 'utf8'),
  )?.[1];
  const installed = /version (\d+)/.exec(
    spawnSync('clang', ['--version'], { encoding: 'utf8' }).stdout ?? '',
  )?.[1];

  // Another clang makes other bytes of the same source.
  it.skipIf(installed !== builtWith)(
    `is what clang ${builtWith} makes of gear.c (here: ${installed ?? 'none'})`,
    () => {
      expect(() =>
        execFileSync(process.execPath, ['scripts/kernel.ts', '--check'], { cwd: root, stdio: 'pipe' }),
      ).not.toThrow();
    },
  );
});
