import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FormatName } from '../../src/formats/formatNames.ts';
import { bytesAccess } from '../../src/formats/randomAccess.ts';
import { sniff } from '../../src/formats/sniff.ts';
import type { GraphValue } from '../../src/formats/summary.ts';
import { inflateSnappy } from '../../src/formats/tensorflow/snappy.ts';
import { message, varintField } from '../support/protobufBytes.ts';
import {
  checkMutated,
  checkTruncated,
  hashedTensors,
  readAs,
  type HashedTensor,
} from '../support/readerChecks.ts';

const folder = path.join(import.meta.dirname, '../fixtures/readers');
const load = (name: string): Buffer => readFileSync(path.join(folder, name));

interface Expected {
  readonly producer?: string;
  readonly inputs?: readonly GraphValue[];
  readonly outputs?: readonly GraphValue[];
  readonly nodes?: readonly { name: string; op: string; inputs: string[]; attributes?: string[] }[];
  readonly tensors: readonly HashedTensor[];
}
const formats: Readonly<Record<string, FormatName>> = {
  'digits.tflite': 'tflite',
  'quantized.tflite': 'tflite',
  'loop.tflite': 'tflite',
  'saved_model.pb': 'tensorflow',
  'frozen.pb': 'tensorflow',
  'variables.index': 'tensorflow',
  'many.index': 'tensorflow',
};
const fixtures = Object.entries(formats);

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);

it.each(fixtures)('%s reads as TensorFlow itself reads it', async (name, format) => {
  const bytes = load(name);
  const expected = JSON.parse(load(`${name}.expected.json`).toString()) as Expected;
  expect(await sniff(bytesAccess(bytes), name)).toBe(format);
  const { findings, complete, tensors, graph, producer } = await readAs(format, bytes);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(complete).toBe(true);
  expect(graph?.inputs).toEqual(expected.inputs);
  expect(graph?.outputs).toEqual(expected.outputs);
  expect(graph?.nodes.length).toBe(expected.nodes?.length);
  for (const [i, { attributes, ...node }] of (expected.nodes ?? []).entries()) {
    expect(graph!.nodes[i]).toMatchObject(node);
    if (attributes) expect([...graph!.nodes[i]!.attributes.keys()].sort()).toEqual(attributes);
  }
  if (expected.producer !== undefined) expect(producer).toBe(expected.producer);
  const read = hashedTensors(tensors, bytes).sort(byName);
  expect(read.map((tensor) => tensor.name)).toEqual(expected.tensors.map((tensor) => tensor.name));
  for (const [i, tensor] of expected.tensors.entries()) expect(read[i]).toMatchObject(tensor);
});

it.each(fixtures)('%s cut anywhere is said to be cut', async (name, format) => {
  await checkTruncated(format, load(name));
});

it.each(fixtures)('%s changed anywhere reads to an end', async (name, format) => {
  await checkMutated(format, load(name));
});

describe('TensorFlow Lite', () => {
  it('operators that it does not have are pointed out', async () => {
    const { findings } = await readAs('tflite', load('loop.tflite'));
    expect(findings.length).toBe(1);
    expect(findings[0]?.message).toContain('"Betainc"');
  });

  it('weights that two tensors share are counted once', async () => {
    const { tensors, parameters } = await readAs('tflite', load('loop.tflite'));
    expect(tensors.filter(({ sharesStorageWith }) => sharesStorageWith !== undefined).length).toBe(2);
    expect(parameters).toBe(16 + 4);
  });

  it.each([
    ['a root outside of the file', [0xff, 0xff, 0xff, 0x7f]],
    ['a root that is itself', [0, 0, 0, 0]],
    ['a list of 2^32 tables', [0x08, 0, 0, 0]],
  ])('%s', async (_name, root) => {
    const bytes = Buffer.concat([Buffer.from(root), Buffer.from('TFL3'), Buffer.alloc(200, 0xff)]);
    expect((await readAs('tflite', bytes)).complete).toBe(false);
  });

  it('one table that is used 200,000 times costs little', async () => {
    // A model whose list of graphs names one and the same graph again and again.
    const u32 = (...values: number[]): Buffer => Buffer.from(Uint32Array.from(values).buffer);
    const u16 = (...values: number[]): Buffer => Buffer.from(Uint16Array.from(values).buffer);
    const count = 200_000;
    const lists = 64;
    const head = Buffer.alloc(lists);
    u32(20).copy(head, 0);
    head.write('TFL3', 4);
    // Slots 0 to 2, of which only the third is used.
    u16(10, 8, 0, 0, 4, 0).copy(head, 8);
    u32(12, lists - 24).copy(head, 20);
    // A table of nothing.
    u16(4, 4).copy(head, 40);
    u32(4).copy(head, 44);
    const list = Buffer.alloc(4 + 4 * count);
    list.writeUInt32LE(count);
    const behind = lists + list.length;
    const table = Buffer.concat([u16(4, 4), u32(4)]);
    for (let i = 0; i < count; i++) list.writeUInt32LE(behind + 4 - (lists + 4 + 4 * i), 4 + 4 * i);
    const bytes = Buffer.concat([head, list, table]);
    const summary = await readAs('tflite', bytes);
    expect(summary.graph).toBeDefined();
    expect(summary.graph!.nodes.length).toBe(0);
  });
});

describe('SavedModel and graph', () => {
  it('says what it is for and how it is called', async () => {
    const { metadata } = await readAs('tensorflow', load('saved_model.pb'));
    expect(metadata.get('tags')).toBe('serve');
    expect(metadata.get('signature serving_default')).toBe('(x) -> scores, steps');
  });

  it('operators that run Python or touch files are pointed out', async () => {
    const node = message(1, [...message(1, 'run'), ...message(2, 'PyFunc')]);
    const { findings } = await readAs('tensorflow', Uint8Array.from([...node, ...node]));
    expect(findings.map(({ message }) => message)).toEqual([
      'The operator "PyFunc" runs code or touches files outside of the model.',
    ]);
  });

  it('functions within functions end somewhere', async () => {
    let bytes: number[] = [];
    for (let depth = 0; depth < 300; depth++)
      bytes = message(5, [...message(1, 'f'), ...message(2, message(10, bytes))]);
    const node = message(1, [...message(1, 'call'), ...message(2, 'Call'), ...bytes]);
    const { complete } = await readAs('tensorflow', Uint8Array.from([...node, ...varintField(3, 1)]));
    expect(complete).toBe(true);
  });
});

describe('Snappy', () => {
  it('gives what was compressed', () => {
    const bytes = load('many.index');
    expect(Buffer.from(inflateSnappy(load('many.snappy'), 2 ** 20)).equals(bytes)).toBe(true);
  });

  it.each([
    ['a size of 2^31', [0xff, 0xff, 0xff, 0xff, 0x07]],
    ['a size without an end', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
    ['a copy from before the beginning', [10, 0x01, 5]],
    ['a literal that is cut off', [10, 0x24, 1, 2]],
    ['less than it says', [10, 0x00, 1]],
    ['more than it says', [1, 0x04, 1, 2]],
    ['nothing', []],
  ])('%s is refused', (_name, bytes) => {
    expect(() => inflateSnappy(Uint8Array.from(bytes), 2 ** 20)).toThrow();
  });
});
