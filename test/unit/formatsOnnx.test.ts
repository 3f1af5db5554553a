import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesAccess } from '../../src/formats/randomAccess.ts';
import type { ReadContext } from '../../src/formats/readers.ts';
import type { Finding, GraphNode, GraphValue, ModelSummary } from '../../src/formats/summary.ts';
import { model, opset } from '../support/onnxBytes.ts';
import { message, varintField } from '../support/protobufBytes.ts';
import {
  checkMutated,
  checkTruncated,
  context,
  hashedTensors,
  readAs,
  type HashedTensor,
} from '../support/readerChecks.ts';

const folder = path.join(import.meta.dirname, '../fixtures/readers');
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.onnx'));
const load = (name: string): Buffer => readFileSync(path.join(folder, name));

/** The text itself, a number, numbers, or how the text begins. */
type Value = string | number | number[] | { prefix: string };
interface Expected {
  readonly formatVersion: string;
  readonly producer: string;
  readonly metadata: Record<string, string>;
  readonly opsets: readonly { domain: string; version: number }[];
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  readonly nodes: readonly (Omit<GraphNode, 'attributes'> & { attributes: Record<string, Value> })[];
  readonly tensors: readonly HashedTensor[];
}

function sameValue(text: string, value: Value): boolean {
  if (typeof value === 'string') return text === value;
  if (typeof value === 'number') return Math.fround(Number(text)) === value;
  if (!Array.isArray(value)) return text.startsWith(value.prefix);
  const numbers = JSON.parse(text) as number[];
  return numbers.length === value.length && numbers.every((number, i) => Math.fround(number) === value[i]);
}

const messages = ({ findings }: ModelSummary, severity: Finding['severity']): string[] =>
  findings.filter((finding) => finding.severity === severity).map(({ message }) => message);

describe('files that the onnx package wrote', () => {
  it.each(fixtures)('%s reads as the package itself reads it', async (name) => {
    const bytes = load(name);
    const expected = JSON.parse(load(`${name}.expected.json`).toString()) as Expected;
    const summary = await readAs('onnx', bytes);
    const { graph, tensors, metadata, producer = '', formatVersion } = summary;
    expect(messages(summary, 'error')).toEqual([]);
    expect(summary.complete).toBe(true);
    expect([formatVersion, producer]).toEqual([expected.formatVersion, expected.producer]);
    expect(new Map(metadata)).toEqual(new Map(Object.entries(expected.metadata)));
    expect(graph?.opsets).toEqual(expected.opsets);
    expect(graph?.inputs).toEqual(expected.inputs);
    expect(graph?.outputs).toEqual(expected.outputs);
    expect(graph?.nodes.length).toBe(expected.nodes.length);
    for (const [i, { attributes, ...node }] of expected.nodes.entries()) {
      const read = graph!.nodes[i]!;
      expect(read).toMatchObject(node);
      expect([...read.attributes.keys()].sort()).toEqual(Object.keys(attributes).sort());
      for (const [key, value] of Object.entries(attributes)) {
        expect(sameValue(read.attributes.get(key)!, value), `${key}: ${read.attributes.get(key)}`).toBe(true);
      }
    }
    // By code points, as Python sorts.
    const sorted = hashedTensors(tensors, bytes).sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(sorted.length).toBe(expected.tensors.length);
    for (const [i, tensor] of expected.tensors.entries()) {
      const { byteOffset, ...read } = sorted[i]!;
      expect(read).toEqual(tensor);
      expect(byteOffset === undefined).toBe(tensor.sha256 === undefined);
    }
  });

  it.each(fixtures)('%s cut anywhere is said to be cut', async (name) => {
    await checkTruncated('onnx', load(name));
  });

  it.each(fixtures)('%s changed anywhere reads to an end', async (name) => {
    await checkMutated('onnx', load(name));
  });

  it('counts the parameters of the main graph and of the branches', async () => {
    // Each of the four branches scales by an initializer and shifts by a Constant.
    expect((await readAs('onnx', load('graphs.onnx'))).parameters).toBe(8 * 40 + 4 * (40 + 40));
    expect((await readAs('onnx', load('external.onnx'))).parameters).toBe(64 * 32 + 32);
  });

  it('operators that ONNX does not have are pointed out, but not those that the model defines', async () => {
    const found = messages(await readAs('onnx', load('graphs.onnx')), 'warning');
    expect(found.length).toBe(1);
    expect(found[0]).toContain('"com.example"');
  });
});

describe('weights in other files', () => {
  const withSiblings = (files: Record<string, number>): ReadContext => ({
    ...context,
    sibling: async (name) => {
      const size = Object.hasOwn(files, name) ? files[name] : undefined;
      return size === undefined ? undefined : { ...bytesAccess(new Uint8Array(size)), async close() {} };
    },
  });

  it('are looked for beside the model', async () => {
    const bytes = load('external.onnx');
    const check = async (files: Record<string, number>): Promise<string[]> =>
      messages(await readAs('onnx', bytes, withSiblings(files)), 'error');
    expect(await check({ 'external.weights': 8192 })).toEqual([]);
    expect(await check({})).toEqual(['The file "external.weights", which holds weights, is missing.']);
    expect(await check({ 'external.weights': 8000 })).toEqual([
      'The file "external.weights" ends 192 bytes before the weights in it do.',
    ]);
  });

  const external = (entries: Record<string, string>): Uint8Array => {
    const data = Object.entries(entries).flatMap(([key, value]) => [
      message(13, [...message(1, key), ...message(2, value)]),
    ]);
    const tensor = [...varintField(1, 4), ...varintField(2, 1), ...message(8, 'w'), ...data.flat()];
    const graph = message(7, [...message(5, [...tensor, ...varintField(14, 1)])]);
    return Uint8Array.from([...varintField(1, 10), ...graph, ...message(8, varintField(2, 21))]);
  };
  it.each([
    '../w.bin',
    '/etc/passwd',
    'C:\\w.bin',
    'a\\..\\w.bin',
    'a/../../w.bin',
    'a/../w.bin',
    'w\0.bin',
    '',
    '.',
    'file:w',
  ])('%j leads out of the folder', async (location) => {
    const asked: string[] = [];
    const sibling = async (name: string): Promise<undefined> => void asked.push(name);
    const summary = await readAs('onnx', external({ location }), { ...context, sibling });
    expect(messages(summary, 'error')[0]).toMatch(/no file in the folder/);
    expect(asked).toEqual([]);
  });

  it.each<Record<string, string>>([
    { offset: '-1' },
    { offset: '0x10' },
    { length: '1e3' },
    { length: '99999999999999999999' },
  ])('%j is no range', async (range) => {
    const summary = await readAs('onnx', external({ location: 'w.bin', ...range, unknown: 'x' }));
    expect(messages(summary, 'error')[0]).toMatch(/not a range/);
  });

  it('a length that does not fit the shape is an error', async () => {
    const summary = await readAs('onnx', external({ location: 'w.bin', length: '12' }));
    expect(messages(summary, 'error')).toEqual([
      'The tensor "w" has 12 bytes, but its shape and type need 16.',
    ]);
  });
});

describe('rules', () => {
  const tensor = (...fields: readonly (readonly number[])[]): Uint8Array => model(message(5, fields.flat()));
  const cases: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['no graph', Uint8Array.from([...varintField(1, 10), ...opset]), /no graph/],
    [
      'no opset',
      Uint8Array.from([...varintField(1, 10), ...message(7, [])]),
      /which version of the operators/,
    ],
    [
      'bytes that are too few',
      tensor(varintField(1, 4), varintField(2, 1), message(9, [1, 2])),
      /has 2 bytes.*need 16/,
    ],
    ['no bytes', tensor(varintField(1, 4), varintField(2, 1)), /has 0 bytes.*need 16/],
    ['an unknown type', tensor(varintField(1, 4), varintField(2, 99), message(9, [1])), /unknown type "99"/],
    ['a negative dimension', tensor(varintField(1, 2n ** 64n - 1n), varintField(2, 1)), /shape.*not valid/],
    [
      '2^120 elements',
      tensor(...[1, 2].map(() => varintField(1, 2n ** 60n)), varintField(2, 1)),
      /not valid/,
    ],
  ];
  it.each(cases)('%s is an error', async (_name, bytes, pattern) => {
    expect(messages(await readAs('onnx', bytes), 'error').join('\n')).toMatch(pattern);
  });

  it('a graph in two pieces is one', async () => {
    const half = (name: string): number[] =>
      message(7, message(1, [...message(3, name), ...message(4, 'Relu')]));
    const { graph } = await readAs('onnx', Uint8Array.from([...half('a'), ...half('b'), ...opset]));
    expect(graph?.nodes.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('counts what is listed of Constants as parameters, but no single numbers and no axes', async () => {
    const constant = (name: string, type: number, shape: readonly number[], bytes: number): number[] => {
      const dims = shape.flatMap((size) => varintField(1, size));
      const tensor = [...dims, ...varintField(2, type), ...message(9, Array<number>(bytes).fill(1))];
      const attribute = message(5, [...message(1, 'value'), ...message(5, tensor)]);
      return message(1, [...message(2, name), ...message(4, 'Constant'), ...attribute]);
    };
    const [float, int64] = [1, 7];
    const bytes = model([
      ...constant('weight', float, [4, 3], 48),
      ...constant('bias', float, [3], 12),
      ...constant('epsilon', float, [], 4),
      ...constant('half', float, [1], 4),
      ...constant('axes', int64, [2], 16),
    ]);
    const { parameters, tensors } = await readAs('onnx', bytes);
    expect(tensors.map(({ name }) => name)).toEqual(['weight', 'bias', 'epsilon', 'half']);
    expect(parameters).toBe(4 * 3 + 3);
  });

  it('weights packed by several to an element are not counted as parameters', async () => {
    const bytes = model(message(1, [...message(4, 'MatMulNBits'), ...message(7, 'com.microsoft')]));
    expect((await readAs('onnx', bytes)).parameters).toBeUndefined();
  });
});
