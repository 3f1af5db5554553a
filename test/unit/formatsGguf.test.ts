import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { spooledAccess } from '../../src/trail/reading/spooledAccess.ts';
import { readGguf } from '../../src/formats/gguf/readGguf.ts';
import {
  checkMutated,
  checkTruncated,
  context,
  hashedTensors,
  readAs,
  type HashedTensor,
} from '../support/readerChecks.ts';
import { sparseAccess } from '../support/sparseAccess.ts';

const folder = path.join(import.meta.dirname, '../fixtures/readers');
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.gguf'));
const load = (name: string): Buffer => readFileSync(path.join(folder, name));

type Value = string | number | boolean | Value[] | { count: number; sha256: string };
interface Expected {
  readonly metadata: Record<string, Value>;
  readonly tensors: readonly HashedTensor[];
}

/** A text in place of what the gguf package reads; for a float, the digits that give the same one. */
function sameValue(text: string, value: Value): boolean {
  if (Array.isArray(value)) {
    const items =
      typeof value[0] === 'string' ? (JSON.parse(text) as string[]) : text.slice(1, -1).split(', ');
    return items.length === value.length && value.every((item, i) => sameValue(items[i]!, item));
  }
  if (typeof value === 'number') return Number(text) === value || Math.fround(Number(text)) === value;
  if (typeof value === 'object') return text.endsWith(`[${value.count}] sha256 ${value.sha256}`);
  return text === String(value);
}

describe('files that the gguf package wrote', () => {
  it.each(fixtures)('%s reads as the package itself reads it', async (name) => {
    const bytes = load(name);
    const expected = JSON.parse(load(`${name}.expected.json`).toString()) as Expected;
    const { metadata, tensors, complete, findings } = await readAs('gguf', bytes);
    expect(complete).toBe(true);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect([...metadata.keys()].sort()).toEqual(Object.keys(expected.metadata).sort());
    for (const [key, value] of Object.entries(expected.metadata)) {
      expect(sameValue(metadata.get(key)!, value), `${key}: ${metadata.get(key)}`).toBe(true);
    }
    expect(hashedTensors(tensors, bytes)).toEqual(expected.tensors);
  });

  it('says what there is to know at a glance', async () => {
    const { metadata, formatVersion, parameters } = await readAs('gguf', load('quantized.gguf'));
    expect(formatVersion).toBe('3');
    expect(metadata.get('test.floats')).toBe('[0.1, -2.5, 1e-8]');
    expect(metadata.get('general.tags')).toBe('["text-generation", "with \\"quotes\\""]');
    expect(parameters).toBe(3 * 256 + 33 + 15 + 12 + 7 + 20 * 512);
    expect((await readAs('gguf', load('big.gguf'))).formatVersion).toBe('3 big-endian');
  });

  it('one part of several says so', async () => {
    const { findings } = await readAs('gguf', load('part-00002-of-00003.gguf'));
    expect(findings.map(({ message }) => message)).toEqual([
      'This is part 2 of 3: it has not all tensors of the model.',
    ]);
  });

  it.each(fixtures)('%s cut anywhere is said to be cut', async (name) => {
    await checkTruncated('gguf', load(name));
  });

  it.each(fixtures)('%s changed anywhere reads to an end', async (name) => {
    await checkMutated('gguf', load(name));
  });
});

/** What a file is put together of, in little-endian; lengths have 4 bytes in version 1. */
class Writer {
  readonly version: number;
  readonly #parts: Buffer[] = [];

  constructor(version: number, tensors: number, values: number) {
    this.version = version;
    this.raw(Buffer.from('GGUF')).u32(version).size(tensors).size(values);
  }

  raw(bytes: Buffer): this {
    this.#parts.push(bytes);
    return this;
  }

  u32(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return this.raw(bytes);
  }

  u64(value: number | bigint): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    return this.raw(bytes);
  }

  size(value: number | bigint): this {
    return this.version === 1 ? this.u32(Number(value)) : this.u64(value);
  }

  text(text: string): this {
    return this.size(Buffer.byteLength(text)).raw(Buffer.from(text));
  }

  string(key: string, value: string): this {
    return this.text(key).u32(8).text(value);
  }

  tensor(name: string, dims: readonly (number | bigint)[], type: number, offset: number): this {
    this.text(name).u32(dims.length);
    for (const dim of dims) this.size(dim);
    return this.u32(type).u64(offset);
  }

  /** Padded, with data. */
  file(data: number, alignment = 32): Buffer {
    const header = Buffer.concat(this.#parts);
    return Buffer.concat([header, Buffer.alloc((-header.length & (alignment - 1)) + data)]);
  }
}

describe('rules', () => {
  it.each([1, 2, 3])('version %s', async (version) => {
    const bytes = new Writer(version, 2, 1)
      .string('general.architecture', 'bert')
      .tensor('a', [2, 3], 0, 0)
      .tensor('b', [32], 8, 32)
      .file(66);
    const { tensors, metadata, findings, formatVersion } = await readAs('gguf', bytes);
    expect(findings).toEqual([]);
    expect(formatVersion).toBe(String(version));
    expect(metadata.get('general.architecture')).toBe('bert');
    expect(tensors.map(({ name, dtype, shape, byteLength }) => [name, dtype, shape, byteLength])).toEqual([
      ['a', 'F32', [3, 2], 24],
      ['b', 'Q8_0', [32], 34],
    ]);
  });

  const one = (): Writer => new Writer(3, 1, 0);
  const two = (): Writer => new Writer(3, 2, 0);
  const cases: readonly (readonly [string, Buffer, RegExp])[] = [
    ['an unknown version', new Writer(7, 0, 0).file(0), /version 7/],
    ['an overlap', two().tensor('a', [16], 0, 0).tensor('b', [8], 0, 32).file(96), /"b" overlaps/],
    ['a hole', two().tensor('a', [8], 0, 0).tensor('b', [8], 0, 64).file(96), /"b" does not begin/],
    ['a name twice', two().tensor('a', [8], 0, 0).tensor('a', [8], 0, 32).file(64), /"a" is there twice/],
    ['a row that is no whole block', one().tensor('a', [33], 8, 0).file(64), /shape.*not valid/],
    [
      'more elements than 64 bits',
      one()
        .tensor('a', [2 ** 40, 2 ** 40], 0, 0)
        .file(64),
      /shape.*not valid/,
    ],
    ['an unknown type', one().tensor('a', [8], 99, 0).file(64), /unknown type "99"/],
    ['data that end early', one().tensor('a', [32], 0, 0).file(100), /ends 28 bytes before/],
    [
      'an alignment of 0',
      new Writer(3, 1, 1).text('general.alignment').u32(4).u32(0).tensor('a', [8], 0, 0).file(32),
      /alignment "0"/,
    ],
    ['metadata twice', new Writer(3, 0, 2).string('k', 'a').string('k', 'b').file(0), /"k" are there twice/],
  ];
  it.each(cases)('%s is an error', async (_name, bytes, message) => {
    const { findings } = await readAs('gguf', bytes);
    const errors = findings.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ message }) => message).join('\n')).toMatch(message);
  });

  it('a type that is not known yet has the length up to the next tensor', async () => {
    const bytes = two().tensor('a', [8], 99, 0).tensor('b', [8], 0, 96).file(128);
    const { tensors } = await readAs('gguf', bytes);
    expect(tensors.map(({ dtype, byteLength }) => [dtype, byteLength])).toEqual([
      ['type 99', 96],
      ['F32', 32],
    ]);
  });

  it('a chat template that reaches into Python is pointed out', async () => {
    const template = "{{ ''.__class__.__mro__[1].__subclasses__() }}";
    const bytes = new Writer(3, 0, 1).string('tokenizer.chat_template', template).file(0);
    expect((await readAs('gguf', bytes)).findings).toMatchObject([{ severity: 'warning', offset: 24 }]);
  });
});

describe('hostile files', () => {
  const hostile: readonly (readonly [string, Buffer])[] = [
    [
      '2^63 strings',
      new Writer(3, 0, 1)
        .text('k')
        .u32(9)
        .u32(8)
        .u64(2n ** 63n)
        .file(0),
    ],
    [
      '2^60 bytes',
      new Writer(3, 0, 1)
        .text('k')
        .u32(9)
        .u32(0)
        .u64(2n ** 60n)
        .file(0),
    ],
    [
      '2^52 lists',
      new Writer(3, 0, 1)
        .text('k')
        .u32(9)
        .u32(9)
        .u64(2n ** 52n)
        .file(0),
    ],
    ['2^60 tensors', new Writer(3, 2 ** 60, 0).file(0)],
    ['2^60 metadata', new Writer(3, 0, 2 ** 60).file(0)],
    [
      'a string of 2^60',
      new Writer(3, 0, 1)
        .text('k')
        .u32(8)
        .u64(2n ** 60n)
        .file(0),
    ],
    ['2^32 dimensions', new Writer(3, 1, 0).text('a').u32(0xffffffff).file(64)],
    [
      'nested lists',
      new Writer(3, 0, 1).text('k').u32(9).raw(Buffer.alloc(12_000, '\x09\0\0\0\x01\0\0\0\0\0\0\0')).file(0),
    ],
  ];
  it.each(hostile)('%s', async (_name, bytes) => {
    const access = sparseAccess(50 * 2 ** 30, [[0, bytes]]);
    const summary = await readGguf(access, context);
    expect(summary.complete).toBe(false);
    expect(access.bytesRead).toBeLessThan(300 * 2 ** 20);
    expect((await readAs('gguf', bytes)).complete).toBe(false);
  });

  it('50 GiB of nameless tensors are given up', async () => {
    const access = sparseAccess(50 * 2 ** 30, [[0, new Writer(3, 2 ** 50, 0).file(0)]]);
    const { complete, tensors } = await readGguf(access, context);
    expect(complete).toBe(false);
    expect(tensors.length).toBeLessThan(200_000);
  });
});

describe('large files', () => {
  // As large as those of today's vocabularies, in a file of 4 GiB.
  const tokens = Array.from({ length: 150_000 }, (_, i) => `token${i}`);
  const list = new Writer(3, 1, 1).text('tokenizer.ggml.tokens').u32(9).u32(8).u64(tokens.length);
  for (const token of tokens) list.text(token);
  const header = list.tensor('a', [2 ** 15, 2 ** 15], 0, 0).file(0);

  it('only the header is read', async () => {
    const access = sparseAccess(header.length + 2 ** 32, [[0, header]]);
    const { complete, tensors, metadata } = await readGguf(access, context);
    expect(complete).toBe(true);
    expect(tensors).toMatchObject([{ name: 'a', byteLength: 2 ** 32, byteOffset: header.length }]);
    expect(metadata.get('tokenizer.ggml.tokens')).toMatch(/^string\[150000\] sha256 [0-9a-f]{16}$/);
    expect(access.bytesRead).toBeLessThan(3 * header.length + 2 ** 21);
  });

  it('reads from a stream as well', async () => {
    async function* stream(): AsyncIterable<Uint8Array> {
      yield header;
      // The cursor reads ahead.
      yield new Uint8Array(2 ** 21);
      throw new Error('more than the header was asked for');
    }
    const access = spooledAccess(stream(), header.length + 2 ** 32, tmpdir());
    const summary = await readGguf(access, context);
    expect(summary).toMatchObject({ complete: true, tensors: [{ name: 'a' }] });
  });
});
