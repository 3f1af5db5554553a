import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { array, assert, asyncProperty, constantFrom, nat, oneof, record, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesAccess, fileAccess } from '../../src/formats/randomAccess.ts';
import { readSafetensors } from '../../src/formats/safetensors.ts';
import type { ModelSummary } from '../../src/formats/summary.ts';

const folder = path.join(import.meta.dirname, '../fixtures/formats');
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.safetensors'));

interface Expected {
  readonly metadata: Record<string, string>;
  readonly tensors: readonly {
    name: string;
    dtype: string;
    shape: number[];
    byteLength: number;
    sha256: string;
  }[];
}

function file(header: string | Uint8Array, data = 0): Uint8Array {
  const bytes = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([length, bytes, Buffer.alloc(data)]);
}

function read(header: string | Uint8Array, data = 0): Promise<ModelSummary> {
  return readSafetensors(bytesAccess(file(header, data)));
}

type Types = Readonly<Record<string, readonly [dtype: string, ...shape: number[]]>>;

function ofTypes(tensors: Types): Promise<ModelSummary> {
  let end = 0;
  const header = Object.entries(tensors).map(([name, [dtype, ...shape]]) => {
    const bits = Number(/\d+/.exec(dtype)?.[0]);
    const begin = end;
    end += shape.reduce((product, size) => product * size, bits / 8);
    return [name, { dtype, shape, data_offsets: [begin, end] }];
  });
  return read(JSON.stringify(Object.fromEntries(header)), end);
}

const errors = ({ findings }: ModelSummary): string[] =>
  findings.filter(({ severity }) => severity === 'error').map(({ message }) => message);

describe('files that the safetensors package wrote', () => {
  it.each(fixtures)('%s reads as the package itself reads it', async (name) => {
    const bytes = readFileSync(path.join(folder, name));
    const expected = JSON.parse(readFileSync(path.join(folder, `${name}.expected.json`), 'utf8')) as Expected;
    const access = await fileAccess(path.join(folder, name));
    const summary = await readSafetensors(access);
    await access.close();
    expect(summary.findings).toEqual([]);
    expect(summary.complete).toBe(true);
    expect(Object.fromEntries(summary.metadata)).toEqual(expected.metadata);
    const tensors = summary.tensors.map(({ name, dtype, shape, byteOffset, byteLength }) => ({
      name,
      dtype,
      shape,
      byteLength,
      sha256: createHash('sha256')
        .update(bytes.subarray(byteOffset, byteOffset + byteLength))
        .digest('hex'),
    }));
    const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
    expect(tensors.sort(byName)).toEqual([...expected.tensors].sort(byName));
  });

  it.each(fixtures)('%s cut anywhere is said to be cut, never taken for whole', async (name) => {
    const bytes = readFileSync(path.join(folder, name));
    for (let part = 0; part < 64; part++) {
      const cut = bytes.subarray(0, Math.floor((bytes.length * part) / 64));
      const summary = await readSafetensors(bytesAccess(cut));
      expect(summary.complete).toBe(false);
      expect(errors(summary).length).toBeGreaterThan(0);
    }
  });

  it('counts the parameters', async () => {
    const summary = await readSafetensors(bytesAccess(readFileSync(path.join(folder, 'mlp.safetensors'))));
    // Two linear layers and a batch norm with its counter.
    expect(summary.parameters).toBe(64 * 12 + 12 + 4 * 12 + 1 + 12 * 10 + 10);
  });
});

describe('the number of parameters', () => {
  it.each<[string, number | undefined, Types]>([
    ['floats with the names of scales', 110, { w: ['F32', 100], 'block.res_scales': ['F32', 10] }],
    ['floats beside a float', 20, { 'a.weight': ['F32', 10], 'a.weight_scale': ['F32', 10] }],
    ['floats with the names of packed weights', 9, { stem_blocks: ['F32', 2, 2], a_packed: ['F32', 5] }],
    ['a counter of blocks', 11, { w: ['F32', 10], num_blocks: ['I64'] }],
    [
      'not the scales of 8-bit floats',
      64,
      { 'a.weight': ['F8_E4M3', 8, 8], 'a.weight_scale_inv': ['F32', 1] },
    ],
    ['not the scale of the only weight', 64, { weight: ['F8_E4M3', 8, 8], weight_scale: ['F32', 1] }],
    ['not the scales of bytes', 64, { 'a.weight': ['I8', 8, 8], 'a.scales': ['F16', 8] }],
    [
      'nothing beside GPTQ',
      undefined,
      { 'a.qweight': ['I32', 8, 8], 'a.scales': ['F16', 1, 8], b: ['F32', 3] },
    ],
    ['nothing beside MXFP4', undefined, { w_blocks: ['U8', 4, 2, 16], w_scales: ['U8', 4, 2] }],
    [
      'nothing beside bitsandbytes',
      undefined,
      { 'a.weight': ['BF16', 16, 1], 'a.weight.absmax': ['F32', 1] },
    ],
    ['nothing beside NVFP4', undefined, { 'a.weight': ['U8', 8, 8], 'a.weight_scale_2': ['F32', 1] }],
    ['nothing beside MLX', undefined, { 'a.weight': ['U32', 8, 8], 'a.scales': ['F16', 8, 1] }],
  ])('counts %s', async (_what, count, tensors) => {
    const { parameters, complete } = await ofTypes(tensors);
    expect([complete, parameters]).toEqual([true, count]);
  });
});

describe('what the reference reader refuses', () => {
  const one = '"dtype":"U8","shape":[2],"data_offsets":[0,2]';
  const cases: readonly (readonly [string, string, number, RegExp])[] = [
    [
      'a hole',
      `{"a":{${one}},"b":{"dtype":"U8","shape":[1],"data_offsets":[3,4]}}`,
      4,
      /1 bytes before.*"b"/,
    ],
    ['a hole at the start', '{"b":{"dtype":"U8","shape":[1],"data_offsets":[3,4]}}', 4, /3 bytes before/],
    ['an overlap', `{"a":{${one}},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}`, 3, /"b" overlaps/],
    ['bytes after the last tensor', `{"a":{${one}}}`, 5, /3 bytes after/],
    ['data that ends early', `{"a":{${one}}}`, 1, /ends 1 bytes before/],
    ['a name twice', `{"a":{${one}},"a":{${one}}}`, 2, /"a" is there twice/],
    ['an entry that is no object', `{"a":{${one}},"b":[1,{"c":null}]}`, 2, /"b" is not a tensor/],
    [
      'a shape that does not fit',
      '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,2]}}',
      2,
      /2 bytes, but.*64 bits/,
    ],
    [
      'a shape of 2^64',
      '{"a":{"dtype":"U8","shape":[2,18446744073709551614],"data_offsets":[0,2]}}',
      2,
      /shape.*not valid/,
    ],
    [
      'a number past 2^64',
      '{"a":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,2]}}',
      2,
      /shape.*not valid/,
    ],
    ['a negative dimension', '{"a":{"dtype":"U8","shape":[-2],"data_offsets":[0,2]}}', 2, /shape.*not valid/],
    ['a fraction', '{"a":{"dtype":"U8","shape":[2.0],"data_offsets":[0,2]}}', 2, /shape.*not valid/],
    ['an exponent', '{"a":{"dtype":"U8","shape":[2e0],"data_offsets":[0,2]}}', 2, /shape.*not valid/],
    [
      'offsets the wrong way',
      '{"a":{"dtype":"U8","shape":[2],"data_offsets":[2,0]}}',
      2,
      /offsets.*not a range/,
    ],
    ['three offsets', '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2,2]}}', 2, /offsets.*not a range/],
    ['an unknown type', '{"a":{"dtype":"Q8","shape":[2],"data_offsets":[0,2]}}', 2, /unknown type "Q8"/],
    ['a missing shape', '{"a":{"dtype":"U8","data_offsets":[0,2]}}', 2, /lacks/],
    ['metadata that are no text', `{"__metadata__":{"a":1},"a":{${one}}}`, 2, /"a" are not a string/],
    ['metadata that are no object', `{"__metadata__":[],"a":{${one}}}`, 2, /not an object/],
    ['half a byte', '{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}', 2, /12 bits/],
    ['more after the JSON', `{"a":{${one}}} {}`, 2, /goes on/],
    ['no JSON', '{"a":', 0, /not valid JSON/],
    ['half a surrogate pair', '{"\\ud800":{}}', 0, /not valid JSON/],
    ['an empty header', '', 0, /not valid JSON/],
  ];
  it.each(cases)('%s', async (_name, header, data, message) => {
    const found = errors(await read(header, data));
    expect(
      found.some((text) => message.test(text)),
      found.join('\n'),
    ).toBe(true);
  });

  it('accepts what the reference reader accepts', async () => {
    const summary = await read(`\t\n{"a":{"dtype":"F4","shape":[4],"data_offsets":[0,2]}}\r `, 2);
    expect(errors(summary)).toEqual([]);
    expect(summary.findings).toMatchObject([{ severity: 'warning', offset: 8 }]);
    expect(summary.tensors).toEqual([
      { name: 'a', dtype: 'F4', shape: [4], byteOffset: 8 + 57, byteLength: 2 },
    ]);
  });
});

describe('hostile files', () => {
  it.each([2n ** 60n, 2n ** 64n - 1n, 100_000_001n, 1000n])(
    'a header length of %s is not believed',
    async (length) => {
      const bytes = Buffer.alloc(64);
      bytes.writeBigUInt64LE(length);
      let asked = 0;
      const summary = await readSafetensors({
        size: bytes.length,
        async read(offset, count) {
          asked += count;
          return bytes.subarray(offset, offset + count);
        },
      });
      expect(summary).toMatchObject({ complete: false, tensors: [] });
      expect(asked).toBe(8);
    },
  );

  const sharing = (count: number): string =>
    `{${Array.from({ length: count }, (_, n) => `"${n}":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}`).join(',')}}`;

  it('many tensors on the same bytes give a bounded report', async () => {
    const summary = await read(sharing(20_000), 1);
    expect(summary.complete).toBe(true);
    expect(summary.findings.length).toBe(101);
    expect(summary.findings.at(-1)?.message).toBe('And 19899 more findings.');
  });

  it('more tensors than any checkpoint has are cut, and it says so', async () => {
    const summary = await read(sharing(150_000), 1);
    expect(summary).toMatchObject({ complete: false, parameters: undefined });
    expect(summary.tensors.length).toBeGreaterThan(100_000);
    const message = `Only the first ${summary.tensors.length} tensors are read.`;
    expect(summary.findings).toMatchObject([{ severity: 'warning', message }]);
  });

  it.each([
    ['names', (n: number) => `{${'"a":0,'.repeat(n)}"a":0}`],
    ['members', (n: number) => `{"a":{${'"x":0,'.repeat(n)}"x":0}}`],
    ['metadata', (n: number) => `{"__metadata__":{${'"x":0,'.repeat(n)}"x":0}}`],
    ['dimensions', (n: number) => `{"a":{"dtype":"U8","data_offsets":[0,1],"shape":[${'1,'.repeat(n)}1]}}`],
  ])('a million of %s are not waited for', async (_what, header) => {
    const summary = await read(header(1_100_000));
    expect(summary.complete).toBe(false);
    expect(summary.findings.length).toBeLessThanOrEqual(101);
  });

  it('deep nesting ends as a finding', async () => {
    expect(errors(await read(`{"a":${'['.repeat(1_000_000)}`))).toContain('The header is not valid JSON.');
  });

  it('names of object members are names like others', async () => {
    const entry = (at: number): string => `{"dtype":"U8","shape":[1],"data_offsets":[${at},${at + 1}]}`;
    const summary = await read(
      `{"__proto__":${entry(0)},"constructor":${entry(1)},"toString":${entry(2)}}`,
      3,
    );
    expect(summary.findings).toEqual([]);
    expect(summary.tensors.map(({ name }) => name)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(({} as Record<string, unknown>)['dtype']).toBeUndefined();
  });

  it('however the header is changed, it reads to an end, and what passes without an error is sound', async () => {
    const original = readFileSync(path.join(folder, 'dtypes.safetensors'));
    const edit = record({
      at: nat({ max: original.readUInt32LE(0) + 8 }),
      insert: oneof(
        uint8Array({ maxLength: 3 }),
        constantFrom(
          '"',
          '\\',
          '{',
          '}',
          '[',
          ']',
          ',',
          '-',
          '9999999999999999999',
          'null',
          '\\u0000',
          '0',
        ).map((text) => Buffer.from(text)),
      ),
      remove: nat({ max: 40 }),
    });
    await assert(
      asyncProperty(array(edit, { maxLength: 4 }), async (edits) => {
        let bytes = original;
        for (const { at, insert, remove } of edits) {
          bytes = Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]);
        }
        const summary = await readSafetensors(bytesAccess(bytes));
        if (errors(summary).length > 0) return;
        // By other means: the header is JSON, has these tensors, and they fill the file.
        const header = bytes.readUInt32LE(0);
        const parsed = JSON.parse(bytes.toString('utf8', 8, 8 + header)) as Record<string, unknown>;
        const names = Object.keys(parsed).filter((name) => name !== '__metadata__');
        expect(summary.tensors.map(({ name }) => name).sort()).toEqual(names.sort());
        const total = summary.tensors.reduce((sum, { byteLength }) => sum + byteLength, 8 + header);
        expect(total).toBe(bytes.length);
      }),
      { numRuns: 500 },
    );
  });
});
