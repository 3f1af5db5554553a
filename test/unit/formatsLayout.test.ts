import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TrailError } from '../../src/core/errors.ts';
import { blockStarts, tensorLayout, type TensorLayout } from '../../src/formats/layout.ts';
import { bytesAccess } from '../../src/formats/randomAccess.ts';
import { sparseAccess } from '../support/sparseAccess.ts';

const fixtures = path.join(import.meta.dirname, '../fixtures');
const load = (name: string): Buffer => readFileSync(path.join(fixtures, name));
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const layoutOf = (bytes: Uint8Array, name: string): Promise<TensorLayout | undefined> =>
  tensorLayout(bytesAccess(bytes), name);

/** Little-endian. */
function number(bytes: 4 | 8, value: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  if (bytes === 4) buffer.writeUInt32LE(value);
  else buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
}

/** What holds for every layout, whatever the file. */
function expectSound(layout: TensorLayout, size: number): void {
  let end = 0;
  for (const { start, length, elementBytes } of layout) {
    expect(start).toBeGreaterThanOrEqual(end);
    expect(length).toBeGreaterThan(0);
    expect([undefined, 1, 2, 4, 8]).toContain(elementBytes);
    end = start + length;
  }
  expect(end).toBeLessThanOrEqual(size);
  const starts = blockStarts(layout, size);
  expect(starts[0]).toBe(0);
  expect(starts.every((start, i) => start < size && (i === 0 || start > starts[i - 1]!))).toBe(true);
}

type Expected = Record<string, Record<string, { length: number; sha256: string }>>;
const expected = JSON.parse(load('layouts/expected.json').toString()) as Expected;

describe('the tensors of files that frameworks wrote', () => {
  it.each(Object.keys(expected))('%s: every tensor is where its framework reads it', async (file) => {
    const bytes = load(`layouts/${file}`);
    const layout = (await layoutOf(bytes, file)) ?? [];
    expectSound(layout, bytes.length);
    const tensors = Object.entries(expected[file]!);
    expect(layout.map(({ name }) => name).sort()).toEqual(tensors.map(([name]) => name).sort());
    for (const [name, { length, sha256: hash }] of tensors) {
      const range = layout.find((range) => range.name === name)!;
      expect(sha256(bytes.subarray(range.start, range.start + length)), name).toBe(hash);
      // GGUF pads a tensor up to the next one.
      if (!file.endsWith('.gguf')) expect(range.length, name).toBe(length);
    }
  });

  it('mlp.safetensors: every tensor is where its framework reads it', async () => {
    const bytes = load('formats/mlp.safetensors');
    const layout = (await layoutOf(bytes, 'mlp.safetensors')) ?? [];
    expectSound(layout, bytes.length);
    const { tensors } = JSON.parse(load('formats/mlp.safetensors.expected.json').toString()) as {
      tensors: { name: string; sha256: string }[];
    };
    expect(tensors.length).toBeGreaterThan(5);
    for (const { name, sha256: hash } of tensors) {
      const { start, length } = layout.find((range) => range.name === name)!;
      expect(sha256(bytes.subarray(start, start + length)), name).toBe(hash);
    }
    expect(layout[0]).toMatchObject({ name: 'norm.num_batches_tracked', elementBytes: 8 });
  });

  it('the lengths of elements are what the types say', async () => {
    const sizes = async (file: string): Promise<Record<string, number | undefined>> => {
      const layout = (await layoutOf(load(`layouts/${file}`), file)) ?? [];
      return Object.fromEntries(layout.map(({ name, elementBytes }) => [name, elementBytes]));
    };
    expect(await sizes('little.gguf')).toEqual({
      'token_embd.weight': 4,
      'norm.weight': 4,
      'half.weight': 2,
      'quantized.weight': 1,
      steps: 8,
    });
    expect(await sizes('nested.onnx')).toMatchObject({
      weight: 4,
      typed: 4,
      doubles: 8,
      half: 2,
      then_shift: 4,
    });
    expect(await sizes('arrays.npz')).toEqual({
      float: 4,
      half: 2,
      complex: 8,
      fortran: 4,
      flags: 1,
      text: 4,
      records: 1,
    });
    // Only the pickle knows; the encoder goes by the bytes.
    expect(await sizes('state.pt')).toEqual({
      'data/0': undefined,
      'data/1': undefined,
      'data/2': undefined,
    });
  });

  it('a GGUF of version 1 or 2 is read like one of version 3', async () => {
    const third = load('layouts/little.gguf');
    const second = Buffer.concat([third.subarray(0, 4), number(4, 2), third.subarray(8)]);
    expect(await layoutOf(second, 'a.gguf')).toEqual(await layoutOf(third, 'a.gguf'));

    const text = (value: string): Buffer => Buffer.concat([number(4, value.length), Buffer.from(value)]);
    const tensor = (name: string, count: number, offset: number): Buffer =>
      Buffer.concat([text(name), number(4, 1), number(4, count), number(4, 0), number(8, offset)]);
    const header = Buffer.concat([
      Buffer.from('GGUF'),
      number(4, 1),
      number(4, 2),
      number(4, 1),
      text('names'),
      number(4, 9),
      number(4, 8),
      number(4, 2),
      text('one'),
      text('two'),
      tensor('b', 8, 32),
      tensor('a', 5, 0),
    ]);
    const start = Math.ceil(header.length / 32) * 32;
    const first = Buffer.concat([header, Buffer.alloc(start + 64 - header.length)]);
    expect(await layoutOf(first, 'a.gguf')).toEqual([
      { name: 'a', start, length: 32, elementBytes: 4 },
      { name: 'b', start: start + 32, length: 32, elementBytes: 4 },
    ]);
  });

  it('compressed archives, pickles and other formats have no layout', async () => {
    for (const file of ['arrays-compressed.npz', 'legacy.pt', 'pipeline.joblib', 'empty.safetensors']) {
      expect(await layoutOf(load(`formats/${file}`), file), file).toBeUndefined();
    }
  });
});

/** Blocks of at most `most` bytes that begin at each start; the header's are left out. */
function payloadBlocks(bytes: Uint8Array, layout: TensorLayout, most: number): string[] {
  const starts = [...blockStarts(layout, bytes.length), bytes.length];
  const hashes: string[] = [];
  for (let i = 1; i + 1 < starts.length; i++) {
    for (let at = starts[i]!; at < starts[i + 1]!; at += most) {
      hashes.push(sha256(bytes.subarray(at, Math.min(at + most, starts[i + 1]!))));
    }
  }
  return hashes;
}

it('in an archive, no tensor shares a block with the checksum of the next one', async () => {
  const bytes = load('layouts/state.pt');
  const layout = (await layoutOf(bytes, 'state.pt')) ?? [];
  const starts = new Set(blockStarts(layout, bytes.length));
  expect(layout.length).toBeGreaterThan(1);
  for (const { name, start, length } of layout) expect(starts.has(start + length), name).toBe(true);
});

describe('a header that grows', () => {
  const longer: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
    'formats/mlp.safetensors': (bytes) => {
      const end = 8 + bytes.readUInt32LE(0);
      const header = bytes.subarray(8, end);
      return Buffer.concat([number(8, end + 24), header, Buffer.alloc(32, ' '), bytes.subarray(end)]);
    },
    'layouts/nested.onnx': (bytes) =>
      Buffer.concat([
        bytes.subarray(0, 2),
        Buffer.from([0x1a, 30]),
        Buffer.alloc(30, 'v'),
        bytes.subarray(2),
      ]),
    'layouts/little.gguf': (bytes) => {
      const value = Buffer.concat([
        number(8, 3),
        Buffer.from('new'),
        number(4, 8),
        number(8, 41),
        Buffer.alloc(41, 'x'),
      ]);
      const counts = Buffer.concat([bytes.subarray(8, 16), number(8, bytes.readUInt32LE(16) + 1)]);
      return Buffer.concat([bytes.subarray(0, 8), counts, value, bytes.subarray(24)]);
    },
  };

  it.each(Object.keys(longer))('moves the payload of %s, and its blocks stay the same', async (file) => {
    const before = load(file);
    const after = longer[file]!(before);
    const [first, second] = [(await layoutOf(before, file)) ?? [], (await layoutOf(after, file)) ?? []];
    const shift = after.length - before.length;
    expect([32, 64]).toContain(shift);
    expect(second).toEqual(first.map((range) => ({ ...range, start: range.start + shift })));
    const blocks = payloadBlocks(before, first, 1000);
    expect(blocks.length).toBeGreaterThan(5);
    expect(payloadBlocks(after, second, 1000)).toEqual(blocks);
  });
});

describe('files that are broken or hostile', () => {
  const files = [
    ...Object.keys(expected).map((file) => `layouts/${file}`),
    ...readdirSync(path.join(fixtures, 'formats'))
      .filter((file) => /\.(?:safetensors|pt|pt2|npz|npy|onnx)$/.test(file))
      .map((file) => `formats/${file}`),
  ];

  it.each(files)('%s, cut off anywhere, gives a sound layout or none', async (file) => {
    const bytes = load(file);
    const step = Math.max(1, Math.floor(bytes.length / 300));
    for (let length = 0; length < bytes.length; length += step) {
      const layout = await layoutOf(bytes.subarray(0, length), file);
      if (layout) expectSound(layout, length);
    }
  });

  it.each(files)('%s, with bytes changed anywhere, gives a sound layout or none', async (file) => {
    const bytes = load(file);
    const change = fc.record({
      at: fc.oneof(fc.nat(bytes.length - 1), fc.nat(Math.min(bytes.length - 1, 600))),
      to: fc.oneof(fc.nat(255), fc.constantFrom(0, 0x7f, 0x80, 0xff)),
      times: fc.integer({ min: 1, max: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        const changed = Buffer.from(bytes);
        for (const { at, to, times } of changes) changed.subarray(at, at + times).fill(to);
        const layout = await layoutOf(changed, file);
        if (layout) expectSound(layout, changed.length);
      }),
      { numRuns: 150 },
    );
  });

  const ggufStart = (version: number, tensors: number, values: number): Buffer =>
    Buffer.concat([Buffer.from('GGUF'), number(4, version), number(8, tensors), number(8, values)]);

  it('counts that no file could hold cost nothing', async () => {
    const key = Buffer.concat([number(8, 1), Buffer.from('k')]);
    const huge = Buffer.from('ffffffffffffff7f', 'hex');
    const array = (type: number): Buffer => Buffer.concat([key, number(4, 9), number(4, type), huge]);
    const headers = [
      Buffer.concat([Buffer.from('GGUF'), number(4, 3), huge, huge]),
      Buffer.concat([ggufStart(3, 1, 1), array(8)]),
      Buffer.concat([ggufStart(3, 1, 1), array(4)]),
      Buffer.concat([ggufStart(3, 1, 1), array(9)]),
      // An alignment of 0.
      Buffer.concat([
        ggufStart(3, 1, 1),
        number(8, 17),
        Buffer.from('general.alignment'),
        number(4, 4),
        number(4, 0),
      ]),
    ];
    for (const header of headers) {
      const access = sparseAccess(50 * 2 ** 30, [[0, header]]);
      expect(await tensorLayout(access, 'a.gguf')).toBeUndefined();
      expect(access.bytesRead).toBeLessThan(100_000);
    }
  });

  it('a file of 50 GiB of empty strings is given up after a bounded piece', async () => {
    const key = Buffer.concat([number(8, 1), Buffer.from('k')]);
    const strings = Buffer.concat([ggufStart(3, 1, 1), key, number(4, 9), number(4, 8), number(8, 2 ** 40)]);
    const access = sparseAccess(50 * 2 ** 30, [[0, strings]]);
    expect(await tensorLayout(access, 'a.gguf')).toBeUndefined();
    expect(access.bytesRead).toBeLessThan(300 * 2 ** 20);
  });

  it('graphs within graphs end somewhere', async () => {
    let message: Buffer = Buffer.alloc(0);
    const wrap = (field: number, bytes: Buffer): Buffer => {
      const length = number(8, bytes.length);
      const varint = [0, 1, 2].map((i) => ((length.readUInt32LE(0) >> (7 * i)) & 0x7f) | (i < 2 ? 0x80 : 0));
      return Buffer.concat([Buffer.from([(field << 3) | 2, ...varint]), bytes]);
    };
    for (let depth = 0; depth < 1000; depth++) message = wrap(1, wrap(5, wrap(6, message)));
    const bytes = Buffer.concat([Buffer.from([0x08, 0x08, 0x12, 0x00]), wrap(7, message)]);
    expect(await layoutOf(bytes, 'a.onnx')).toBeUndefined();
  });

  it('can be cancelled', async () => {
    const signal = AbortSignal.abort();
    const cancelled = await tensorLayout(bytesAccess(load('layouts/little.gguf')), 'a.gguf', signal).catch(
      (error: unknown) => error,
    );
    expect(TrailError.is(cancelled, 'cancelled')).toBe(true);
  });
});

describe('large files', () => {
  it('an ONNX model of nearly 2 GiB is read by its tags alone', async () => {
    const tensorBytes = 20 * 2 ** 20;
    const varint = (value: number): number[] =>
      value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(Math.floor(value / 128))];
    const heads = Array.from({ length: 100 }, (_, i) => {
      const name = Buffer.from(`layer.${i}.weight`);
      const inside = Buffer.from([0x10, 1, 0x42, name.length, ...name, 0x4a, ...varint(tensorBytes)]);
      return Buffer.from([0x2a, ...varint(inside.length + tensorBytes), ...inside]);
    });
    const total = heads.reduce((sum, head) => sum + head.length + tensorBytes, 0);
    const model = Buffer.from([0x08, 8, 0x12, 0, 0x3a, ...varint(total)]);
    let at = model.length;
    const pieces: [number, Uint8Array][] = [[0, model]];
    for (const head of heads) {
      pieces.push([at, head]);
      at += head.length + tensorBytes;
    }
    const access = sparseAccess(at, pieces);
    const layout = (await tensorLayout(access, 'large.onnx')) ?? [];
    expect(layout.length).toBe(100);
    expect(layout[99]).toEqual({
      name: 'layer.99.weight',
      start: at - tensorBytes,
      length: tensorBytes,
      elementBytes: 4,
    });
    expect(access.bytesRead).toBeLessThan(2 ** 20);
  });
});
