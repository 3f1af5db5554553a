import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { blockStarts, type TensorLayout } from '../../src/formats/layout.ts';
import { expectedLayouts as expected, expectSound, layoutOf, load, number } from '../support/layouts.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

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
