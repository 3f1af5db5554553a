import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { rangeStream } from '../../src/formats/byteStream.ts';
import { bytesAccess } from '../../src/formats/randomAccess.ts';
import { sniff } from '../../src/formats/sniff.ts';
import type { Compression } from '../../src/formats/tensorStorage.ts';
import { unpackedStream } from '../../src/formats/unpack/unpackedStream.ts';
import { openTensors } from '../../src/tensors/tensorReader.ts';
import { checkMutated, checkTruncated, context, readAs } from '../support/readerChecks.ts';

const folder = path.join(import.meta.dirname, '../fixtures/compressed');
const load = (name: string): Buffer => readFileSync(path.join(folder, name));
const json = (name: string): unknown => JSON.parse(load(name).toString());

async function unpack(bytes: Uint8Array, compression: Compression): Promise<Buffer> {
  const packed = rangeStream(bytesAccess(bytes), 0, bytes.length, context.signal);
  const stream = unpackedStream(packed, compression);
  const parts: Uint8Array[] = [];
  for (let part = await stream.next(); part; part = await stream.next()) parts.push(part);
  await stream.close();
  return Buffer.concat(parts);
}

const files: readonly (readonly [string, Compression])[] = [
  ['content.bz2', 'bz2'],
  ['small-blocks.bz2', 'bz2'],
  ['two-streams.bz2', 'bz2'],
  ['content.xz', 'xz'],
  ['best.xz', 'xz'],
  ['two-streams.xz', 'xz'],
  ['other-literals.xz', 'xz'],
  ['content.lzma', 'lzma'],
  ['small.lzma', 'lzma'],
  ['content.lz4', 'lz4'],
  ['small-blocks.lz4', 'lz4'],
  ['independent.lz4', 'lz4'],
  ['two-frames.lz4', 'lz4'],
];

describe('what other programs compressed', () => {
  it.each(files)('%s unpacks to what it was', async (name, compression) => {
    const content = await unpack(load(name), compression);
    const sha256 = createHash('sha256').update(content).digest('hex');
    expect({ length: content.length, sha256 }).toEqual(json('content.json'));
  });

  it.each(files)('%s cut anywhere is not taken for whole', async (name, compression) => {
    const bytes = load(name);
    for (let part = 0; part < 32; part++) {
      const length = Math.floor((bytes.length * part) / 32);
      // Where the first of two streams ends it is whole.
      if (name.startsWith('two-') && length > 500) continue;
      await expect(unpack(bytes.subarray(0, length), compression), `cut at ${length}`).rejects.toThrow();
    }
  });

  it('damage within a block of bzip2 is noticed', async () => {
    const bytes = load('content.bz2');
    bytes.writeUInt8(bytes.readUInt8(9000) ^ 4, 9000);
    await expect(unpack(bytes, 'bz2')).rejects.toThrow('damaged');
  });
});

describe('bombs', () => {
  it('a file that says it needs a dictionary of 4 GiB is refused', async () => {
    const bytes = load('content.xz');
    const at = bytes.indexOf(Buffer.from([0x21, 0x01])) + 2;
    bytes.writeUInt8(40, at);
    await expect(unpack(bytes, 'xz')).rejects.toThrow();
  });

  it.each([
    ['bz2', '425a683917724538509000000000'],
    ['lz4', '04224d1860700000000000'],
  ] as const)('100,000 empty streams of %s cost little', async (compression, stream) => {
    const bytes = Buffer.concat(Array.from({ length: 100_000 }, () => Buffer.from(stream, 'hex')));
    const { user } = process.cpuUsage();
    expect((await unpack(bytes, compression)).length).toBe(0);
    expect((process.cpuUsage().user - user) / 1e6).toBeLessThan(5);
  });

  it('frames of LZ4 that go on and on unpack to a limit', async () => {
    // A literal, then a match of 64 KiB on it, in blocks of 4 MiB.
    const block = Buffer.concat([
      Buffer.from([0x1f, 0x61, 1, 0]),
      Buffer.alloc(16_000, 0xff),
      Buffer.from([0, 0x10, 0x61]),
    ]);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(block.length);
    const head = Buffer.from('04224d18607000', 'hex');
    const bytes = Buffer.concat([
      head,
      ...Array.from({ length: 100 }, () => [size, block]).flat(),
      Buffer.alloc(4),
    ]);
    await expect(unpack(bytes, 'lz4')).rejects.toThrow('unpacks to more than');
  });
});

const expected = json('model.expected.json') as Record<string, { shape: number[]; sum: number }>;
const compressions = ['zlib', 'gzip', 'bz2', 'lzma', 'xz', 'lz4'];

describe.each(compressions)('joblib with %s', (compression) => {
  const name = `model-${compression}.joblib`;
  const bytes = load(name);

  it('is read like any other, down to the elements', async () => {
    expect(await sniff(bytesAccess(bytes), name)).toBe('joblib');
    const summary = await readAs('joblib', bytes);
    expect(summary.findings).toEqual([]);
    expect(summary.complete).toBe(true);
    expect(summary.metadata.get('compression')).toBe(compression);
    expect(summary.tensors.map((tensor) => tensor.name)).toEqual(
      expect.arrayContaining(Object.keys(expected)),
    );
    const tensors = openTensors(bytesAccess(bytes));
    for (const [name, { shape, sum }] of Object.entries(expected)) {
      const tensor = summary.tensors.find((tensor) => tensor.name === name)!;
      expect(tensor.shape).toEqual(shape);
      let found = 0;
      for await (const piece of tensors.numbers(tensor, context.signal))
        for (const value of piece) found += value;
      expect(found).toBeCloseTo(sum, 3);
    }
    await tensors.close();
  });

  it('cut anywhere is said to be cut', async () => {
    await checkTruncated('joblib', bytes);
  });

  it('changed anywhere reads to an end', async () => {
    await checkMutated('joblib', bytes, 50);
  });
});

it('what joblib wrote before 0.10 has a head of its own', async () => {
  const bytes = load('oldest.joblib');
  expect(await sniff(bytesAccess(bytes), 'oldest.joblib')).toBe('joblib');
  const { complete, metadata } = await readAs('joblib', bytes);
  expect(complete).toBe(true);
  expect(metadata.get('compression')).toBe('zlib (old)');
  expect(metadata.get('rate')).toBe('0.5');
});
