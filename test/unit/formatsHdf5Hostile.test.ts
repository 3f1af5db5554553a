import { describe, expect, it } from 'vitest';
import { bytesAccess } from '../../src/formats/randomAccess.ts';
import { readerOf } from '../../src/formats/readers.ts';
import type { ModelSummary } from '../../src/formats/summary.ts';
import { openTensors } from '../../src/tensors/tensorReader.ts';
import { context, readAs } from '../support/readerChecks.ts';
import { sparseAccess } from '../support/sparseAccess.ts';

const none = 0xffffffffffffffffn;
const u16 = (value: number): Buffer => Buffer.from(Uint16Array.of(value).buffer);
const u32 = (value: number): Buffer => Buffer.from(Uint32Array.of(value).buffer);
const u64 = (value: number | bigint): Buffer => Buffer.from(BigUint64Array.of(BigInt(value)).buffer);
const text = (value: string): Buffer => Buffer.from(value);
const join = (...parts: (Uint8Array | number)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : part)));

const rootAt = 64;
const nextAt = 512;

/** A message of an object. */
const message = (type: number, ...content: (Uint8Array | number)[]): Buffer => {
  const bytes = join(...content);
  return join(type, u16(bytes.length), 0, bytes);
};

/** The header of an object. */
function object(...messages: Buffer[]): Buffer {
  const content = join(...messages);
  return join(text('OHDR'), 2, 1, u16(content.length), content, u32(0));
}

const link = (name: string, address: number): Buffer =>
  message(6, 1, 0, Buffer.of(name.length), text(name), u64(address));

/** A file of the newest kind, with a root group and what else there is at 512. */
function file(root: Buffer, ...rest: Buffer[]): Buffer {
  const bytes = Buffer.alloc(nextAt);
  root.copy(bytes, rootAt);
  const whole = join(bytes, ...rest);
  join(
    Buffer.from('894844460d0a1a0a', 'hex'),
    3,
    8,
    8,
    0,
    u64(0),
    u64(none),
    u64(whole.length),
    u64(rootAt),
  ).copy(whole);
  return whole;
}

const float32 = join(0x11, 0x20, u16(0x1f), u32(4), u16(0), u16(32), 23, 8, 0, 23, u32(127));
const space = (...sizes: (number | bigint)[]): Buffer => message(1, 2, sizes.length, 0, 1, ...sizes.map(u64));
const contiguous = (address: number | bigint, length: number | bigint): Buffer =>
  message(8, 3, 1, u64(address), u64(length));
/** In chunks that a tree of the first version finds. */
const chunked = (address: number, ...sizes: number[]): Buffer =>
  message(8, 3, 2, sizes.length + 1, u64(address), ...sizes.map(u32), u32(4));

const read = (bytes: Buffer): Promise<ModelSummary> => readAs('hdf5', bytes);
const messagesOf = async (bytes: Buffer): Promise<string> =>
  (await read(bytes)).findings.map(({ message }) => message).join('\n');

it('an array made by hand is read: what follows is not refused for other reasons', async () => {
  const array = object(message(3, float32), space(2), contiguous(nextAt + 256, 8));
  const bytes = file(
    object(link('a', nextAt)),
    join(array, Buffer.alloc(256 - array.length), Buffer.alloc(8)),
  );
  const summary = await read(bytes);
  expect(summary.findings).toEqual([]);
  expect(summary.tensors).toMatchObject([{ name: 'a', dtype: 'F32', shape: [2], byteOffset: nextAt + 256 }]);
});

describe('structures that lead back to themselves', () => {
  it('a header that goes on in itself', async () => {
    const again = message(16, u64(nextAt), u64(4 + 20 + 4));
    const block = join(text('OCHK'), again, u32(0));
    expect(await messagesOf(file(object(again), block))).toContain(
      'The object "/" of the file cannot be read.',
    );
  });

  it('a tree of names that is its own branch', async () => {
    const heap = nextAt + 128;
    const tree = join(
      text('TREE'),
      0,
      1,
      u16(2),
      u64(none),
      u64(none),
      u64(0),
      u64(nextAt),
      u64(0),
      u64(nextAt),
      u64(0),
    );
    const table = message(17, u64(nextAt), u64(heap));
    const bytes = file(
      object(table),
      join(tree, Buffer.alloc(128 - tree.length)),
      join(text('HEAP'), 0, 0, 0, 0, u64(8), u64(0), u64(nextAt)),
    );
    expect(await messagesOf(bytes)).toContain('cannot be read');
  });

  it('groups in groups in circles are each shown once', async () => {
    const group = object(link('up', rootAt), link('self', nextAt));
    const summary = await read(file(object(link('down', nextAt), link('too', nextAt)), group));
    expect(summary.complete).toBe(true);
    expect(summary.tensors).toEqual([]);
  });

  it('a type within a type within a type', async () => {
    const levels = Array.from({ length: 200 }, () => join(0x19, 0, u16(0), u32(16)));
    const array = object(message(3, ...levels, float32), space(1), contiguous(0, 4));
    expect(await messagesOf(file(object(link('a', nextAt)), array))).toContain('The object "a"');
  });
});

describe('numbers that cannot be', () => {
  it.each([
    ['more elements than any file holds', space(2n ** 40n, 2n ** 40n), contiguous(0, 8)],
    ['elements beyond the end', space(1000), contiguous(nextAt, 4000)],
    ['an address beyond the end', space(2), contiguous(2n ** 50n, 8)],
    ['fewer bytes than elements', space(2), contiguous(nextAt, 4)],
  ])('%s', async (_name, space, layout) => {
    const summary = await read(file(object(link('a', nextAt)), object(message(3, float32), space, layout)));
    expect(summary.complete).toBe(false);
    expect(summary.tensors[0]?.byteOffset).toBeUndefined();
  });

  it.each([
    ['2^64 - 1', none],
    ['2^63', 2n ** 63n],
  ])('a dimension of %s', async (_name, size) => {
    const array = object(message(3, float32), space(size), contiguous(nextAt, 8));
    expect(await messagesOf(file(object(link('a', nextAt)), array))).toContain('The object "a"');
  });

  it('chunks of gigabytes are not put together in memory', async () => {
    const array = object(message(3, float32), space(2 ** 20, 2 ** 20), chunked(nextAt, 2 ** 16, 2 ** 16));
    const bytes = file(object(link('a', nextAt)), array);
    const summary = await read(bytes);
    expect(openTensors(bytesAccess(bytes)).obstacle(summary.tensors[0]!)).toBeDefined();
  });

  it('a chunk that unpacks to more than it should', async () => {
    const { deflateSync } = await import('node:zlib');
    const bomb = deflateSync(Buffer.alloc(50_000_000));
    const at = nextAt + 256;
    const filter = message(11, 2, 1, u16(1), u16(0), u16(0));
    const array = object(message(3, float32), space(4), filter, chunked(at, 4));
    const key = (offset: number): Buffer => join(u32(bomb.length), u32(0), u64(offset), u64(0));
    const tree = join(text('TREE'), 1, 0, u16(1), u64(none), u64(none), key(0), u64(at + 128), key(4));
    const bytes = file(
      object(link('a', nextAt)),
      join(array, Buffer.alloc(256 - array.length), tree, Buffer.alloc(128 - tree.length), bomb),
    );
    const summary = await read(bytes);
    const tensors = openTensors(bytesAccess(bytes));
    const reading = (async () => {
      for await (const _ of tensors.numbers(summary.tensors[0]!, context.signal));
    })();
    await expect(reading).rejects.toMatchObject({ code: 'damaged' });
    await tensors.close();
  });
});

it('elements that are said to be in another file are not looked for', async () => {
  const elsewhere = message(7, 1, 0, 0, 0, u16(1), u16(1), u64(0));
  const array = object(message(3, float32), space(2), elsewhere, contiguous(none, 8));
  const summary = await read(file(object(link('a', nextAt)), array));
  expect(summary.complete).toBe(false);
  expect(summary.tensors).toEqual([{ name: 'a', dtype: 'F32', shape: [2], byteLength: 8 }]);
  expect(summary.findings[0]?.message).toContain('in another file');
});

it('one long text that a thousand attributes show is not kept a thousand times', async () => {
  const long = 4 * 2 ** 20;
  const heapAt = nextAt + 64 * 1024;
  const type = join(0x19, 0x11, u16(0), u32(16), 0x10, 0, u16(0), u32(1), u16(0), u16(8));
  const attribute = message(
    12,
    3,
    0,
    u16(2),
    u16(type.length),
    u16(4),
    0,
    text('n\0'),
    type,
    2,
    0,
    0,
    0,
    u32(long),
    u64(heapAt),
    u32(1),
  );
  const group = object(...Array.from({ length: 1000 }, () => attribute));
  const heap = join(
    text('GCOL'),
    1,
    0,
    0,
    0,
    u64(long + 64),
    u16(1),
    u16(0),
    u32(0),
    u64(long),
    Buffer.alloc(long, 0x61),
  );
  const bytes = file(object(link('g', nextAt)), join(group, Buffer.alloc(64 * 1024 - group.length), heap));
  const summary = await read(bytes);
  expect(summary.complete).toBe(false);
  expect(summary.findings[0]?.message).toContain('The object "g"');
});

it('long names in long names come to an end', async () => {
  // 60 groups whose names are long, and in the last one many more.
  const name = 'n'.repeat(60_000);
  const long = (address: number): Buffer =>
    join(6, u16(name.length + 13), 0, 1, 1, u16(name.length), text(name), u64(address));
  const parts: Buffer[] = [];
  let at = nextAt;
  for (let i = 0; i < 60; i++) {
    const size = object(long(0)).length;
    parts.push(object(long(at + size)));
    at += size;
  }
  parts.push(object(...Array.from({ length: 3000 }, (_, i) => link(`t${i}`, rootAt))));
  expect((await read(file(object(link('g', nextAt)), ...parts))).complete).toBe(false);
});

it('of 20 GiB only the structure is read', async () => {
  const gibibyte = 2 ** 30;
  const arrays = Array.from({ length: 20 }, (_, i) =>
    object(message(3, float32), space(gibibyte / 4), contiguous(2 ** 20 + i * gibibyte, gibibyte)),
  );
  const size = arrays[0]!.length;
  const small = file(object(...arrays.map((_, i) => link(`a${i}`, nextAt + i * size))), ...arrays);
  const end = 2 ** 20 + 20 * gibibyte;
  u64(end).copy(small, 28);
  const access = sparseAccess(end, [[0, small]]);
  const { tensors, complete } = await (await readerOf('hdf5'))!(access, context);
  expect(complete).toBe(true);
  expect(tensors[19]).toMatchObject({ byteOffset: 2 ** 20 + 19 * gibibyte, byteLength: gibibyte });
  expect(access.bytesRead).toBeLessThan(200_000);
});
