import { readFileSync } from 'node:fs';
import * as zlib from 'node:zlib';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { TrailError } from '../../src/core/errors.ts';
import { guessElementBytes } from '../../src/store/elementGuess.ts';
import { decodeBlock, encodeBlock, plainBlock, type StoredBlock } from '../../src/store/encoding.ts';
import { mergePlanes, splitPlanes, type ElementBytes } from '../../src/store/planes.ts';

const elementSizes = [1, 2, 4, 8] as const;

/** Numbers around zero as the weights of a layer are, the same in every run. */
function weights(count: number, seed: number, sigma = 0.02): Float32Array {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
  return Float32Array.from({ length: count }, () => (next() + next() + next() + next() - 2) * 1.7 * sigma);
}

const bytesOf = (array: Float32Array | Float64Array | Uint16Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

const toBfloat16 = (array: Float32Array): Uint8Array =>
  bytesOf(Uint16Array.from(new Uint32Array(array.buffer), (bits) => bits >>> 16));

function fineTuned(base: Float32Array, seed: number): Float32Array {
  const noise = weights(base.length, seed, 0.02 * 1e-3);
  return base.map((value, i) => value + noise[i]!);
}

function errorOf(action: () => unknown): TrailError | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (TrailError.is(error)) return error;
    throw error;
  }
}

/** Where the bytes go may begin anywhere. */
function decoded(block: StoredBlock, base?: StoredBlock, at = 0): Buffer {
  const target = Buffer.alloc(at + block.raw).subarray(at);
  decodeBlock(block, target, base);
  return target;
}

describe('byte planes', () => {
  it('put the bytes of one place side by side, and what is left of an element last', () => {
    const bytes = Uint8Array.of(1, 2, 3, 4, 11, 12, 13, 14, 21, 22);
    expect([...splitPlanes(bytes, 4)]).toEqual([1, 11, 2, 12, 3, 13, 4, 14, 21, 22]);
    expect([...splitPlanes(bytes, 2)]).toEqual([1, 3, 11, 13, 21, 2, 4, 12, 14, 22]);
  });

  it('come back as they were, wherever the bytes lie in memory', () => {
    const all = fc.record({
      bytes: fc.uint8Array({ maxLength: 200 }),
      at: fc.nat(9),
      elementBytes: fc.constantFrom(...elementSizes),
    });
    fc.assert(
      fc.property(all, ({ bytes, at, elementBytes }) => {
        const shifted = new Uint8Array(at + bytes.length).subarray(at);
        shifted.set(bytes);
        const planes = new Uint8Array(at + bytes.length).subarray(at);
        planes.set(splitPlanes(shifted, elementBytes));
        const merged = new Uint8Array(at + bytes.length).subarray(at);
        mergePlanes(planes, elementBytes, merged);
        expect([...merged]).toEqual([...bytes]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('encoding a block', () => {
  it('gives back every block, of any length, with and without a base', () => {
    const pattern = fc.oneof(fc.uint8Array({ maxLength: 3 }), fc.uint8Array({ maxLength: 5000 }));
    const all = fc.record({
      pattern,
      repeat: fc.nat(40),
      elementBytes: fc.constantFrom(...elementSizes, undefined),
      noise: fc.option(fc.uint8Array({ maxLength: 30 })),
      at: fc.nat(5),
    });
    fc.assert(
      fc.property(all, ({ pattern, repeat, elementBytes, noise, at }) => {
        const raw = Buffer.concat(Array.from({ length: repeat }, () => pattern));
        const base = noise ? Uint8Array.from(raw, (byte, i) => byte ^ (noise[i] ?? 0)) : undefined;
        const block = encodeBlock(raw, { elementBytes, base });
        expect(block.stored.length).toBeLessThanOrEqual(raw.length);
        // As it is stored itself, or not.
        const inPlanes = (size: ElementBytes) => encodeBlock(base ?? raw, { elementBytes: size });
        const bases = base && [plainBlock(base), ...elementSizes.map(inPlanes)];
        for (const from of bases ?? [undefined])
          expect(Buffer.compare(decoded(block, from, at), raw)).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('stores weights in planes, a fine-tune as the difference, and what does not compress as it is', () => {
    const base = weights(2 ** 18, 1);
    const tuned = fineTuned(base, 2);
    expect(encodeBlock(bytesOf(base), { elementBytes: 4 }).encoding).toBe(1);
    expect(encodeBlock(bytesOf(tuned), { elementBytes: 4, base: bytesOf(base) }).encoding).toBe(2);
    // An unrelated tensor is no help, however it came to be the base.
    const unrelated = bytesOf(weights(2 ** 18, 3));
    expect(encodeBlock(bytesOf(tuned), { elementBytes: 4, base: unrelated }).encoding).toBe(1);
    const noise = Uint8Array.from({ length: 4096 }, (_, i) => Math.imul(i + 1, 2654435761) >>> 24);
    const once = Buffer.from(zlib.deflateSync(bytesOf(weights(20_000, 4))));
    for (const raw of [once, noise.subarray(0, 3), new Uint8Array(0)]) {
      expect(encodeBlock(raw, { elementBytes: 1 })).toEqual(plainBlock(raw));
    }
  });

  it('keeps a full fine-tune within the bars: 60 % in fp32, 18 % in bf16', () => {
    const base = weights(2 ** 18, 5);
    const tuned = fineTuned(base, 6);
    const share = (raw: Uint8Array, from: Uint8Array, elementBytes: ElementBytes): number =>
      encodeBlock(raw, { elementBytes, base: from }).stored.length / raw.length;
    expect(share(bytesOf(tuned), bytesOf(base), 4)).toBeLessThan(0.6);
    expect(share(toBfloat16(tuned), toBfloat16(base), 2)).toBeLessThan(0.18);
  });

  it('refuses a base of another length', () => {
    const raw = new Uint8Array(64);
    expect(() => encodeBlock(raw, { elementBytes: 4, base: new Uint8Array(63) })).toThrow('of its length');
    const { encoding, stored } = encodeBlock(raw, { elementBytes: 4 });
    expect(encoding).toBe(1);
    const difference = { encoding: 2, stored, raw: 64 };
    expect(errorOf(() => decoded(difference, plainBlock(new Uint8Array(63))))?.code).toBe('damaged');
    expect(errorOf(() => decoded(difference))?.code).toBe('damaged');
    // Not even where it would lead somewhere.
    expect(errorOf(() => decoded(difference, difference))?.code).toBe('damaged');
  });

  it('tells the length of an element by the bytes', () => {
    const floats = weights(2 ** 16, 7);
    expect(guessElementBytes(bytesOf(floats))).toBe(4);
    expect(guessElementBytes(toBfloat16(floats))).toBe(2);
    expect(guessElementBytes(bytesOf(Float64Array.from(floats, (value) => Math.sin(value))))).toBe(8);
    expect(guessElementBytes(zlib.deflateSync(bytesOf(floats)))).toBe(1);
    expect(guessElementBytes(readFileSync(import.meta.filename))).toBe(1);
    expect(guessElementBytes(new Uint8Array(0))).toBe(1);
  });
});

describe('decoding a block', () => {
  const raw = bytesOf(weights(3000, 8)).subarray(0, 11_999);
  const base = bytesOf(weights(3000, 9)).subarray(0, 11_999);
  const good = encodeBlock(raw, { elementBytes: 4 });

  it('calls everything that is not a block damaged, and nothing else happens', () => {
    const changed = fc
      .record({ at: fc.nat(good.stored.length - 1), byte: fc.nat(255), cut: fc.nat(good.stored.length) })
      .map(({ at, byte, cut }) => {
        const bytes = Uint8Array.from(good.stored);
        bytes[at] = byte;
        return cut % 3 === 0 ? bytes.subarray(0, cut) : bytes;
      });
    const anything = fc.oneof(changed, fc.uint8Array({ maxLength: 100 }));
    fc.assert(
      fc.property(
        fc.nat(4),
        anything,
        fc.constantFrom(raw.length, 0, 1, 5000),
        fc.constantFrom(0, 1),
        (encoding, stored, raw, baseEncoding) => {
          const from = baseEncoding === 0 ? plainBlock(base.subarray(0, raw)) : { encoding: 1, stored, raw };
          const error = errorOf(() => decoded({ encoding, stored, raw }, from));
          if (error) expect(error.code).toBe('damaged');
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('refuses a frame that unpacks to more than the block, or asks for more memory than it', () => {
    const zeros = new Uint8Array(2 ** 26);
    const { ZSTD_c_windowLog: windowLog } = zlib.constants;
    for (const params of [{}, { [windowLog]: 26 }]) {
      const bomb = Buffer.concat([Uint8Array.of(4), zlib.zstdCompressSync(zeros, { params })]);
      expect(errorOf(() => decoded({ encoding: 1, stored: bomb, raw: 1000 }))?.code).toBe('damaged');
    }
    const short = Buffer.concat([Uint8Array.of(4), zlib.zstdCompressSync(new Uint8Array(999))]);
    expect(errorOf(() => decoded({ encoding: 1, stored: short, raw: 1000 }))?.code).toBe('damaged');
  });
});

describe('a Node without zstd', () => {
  afterEach(() => {
    vi.doUnmock('node:zlib');
    vi.resetModules();
  });

  it('reads what is stored as it is, and says what it would need for the rest', async () => {
    vi.resetModules();
    vi.doMock('node:zlib', () => ({
      constants: zlib.constants,
      zstdCompressSync: undefined,
      zstdDecompressSync: undefined,
    }));
    const old = await import('../../src/store/encoding.ts');
    const target = new Uint8Array(2);
    old.decodeBlock(old.plainBlock(Uint8Array.of(1, 2)), target);
    expect([...target]).toEqual([1, 2]);
    const packed = { encoding: 1, stored: Uint8Array.of(4, 0, 0), raw: 100 };
    expect(() => old.decodeBlock(packed, new Uint8Array(100))).toThrow(/Node 22\.15/);
    expect(() => old.encodeBlock(new Uint8Array(100), { elementBytes: 4 })).toThrow(/Node 22\.15/);
  });
});
