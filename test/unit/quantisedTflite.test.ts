import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { diffModels } from '../../src/diff/diffModels.ts';
import type { ModelDiff } from '../../src/diff/modelDiff.ts';
import { entryOf, sideOfBytes } from '../support/modelSides.ts';

const original = readFileSync('test/fixtures/readers/quantized.tflite');
const weights = 'digits_1/conv_1/convolution';

/** The scales of each tensor, where they are in the file, and where the subgraph says which its input is. */
function placesIn(bytes: Buffer): { scales: Map<string, number[]>; input: number; names: string[] } {
  const follow = (at: number): number => at + bytes.readUInt32LE(at);
  const field = (table: number, slot: number): number => {
    const vtable = table - bytes.readInt32LE(table);
    const isThere = 4 + 2 * slot < bytes.readUInt16LE(vtable);
    const offset = isThere ? bytes.readUInt16LE(vtable + 4 + 2 * slot) : 0;
    return offset === 0 ? 0 : table + offset;
  };
  const items = (at: number): number[] => {
    if (at === 0) return [];
    const start = follow(at);
    return Array.from({ length: bytes.readUInt32LE(start) }, (_, i) => start + 4 + 4 * i);
  };
  const graph = follow(items(field(follow(0), 2))[0]!);
  const scales = new Map<string, number[]>();
  for (const tensor of items(field(graph, 0)).map(follow)) {
    const start = follow(field(tensor, 3));
    const name = bytes.toString('utf8', start + 4, start + 4 + bytes.readUInt32LE(start));
    const quantization = field(tensor, 4);
    scales.set(name, quantization === 0 ? [] : items(field(follow(quantization), 2)));
  }
  return { scales, input: items(field(graph, 1))[0]!, names: [...scales.keys()] };
}

/** The model with other scales for the tensors whose name fits. */
function rescaled(fits: (name: string) => boolean, from: Buffer = original): Buffer {
  const bytes = Buffer.from(from);
  for (const [name, places] of placesIn(bytes).scales) {
    for (const at of fits(name) ? places : []) bytes.writeFloatLE(bytes.readFloatLE(at) * 10, at);
  }
  return bytes;
}

/** The model with a quantised tensor as its input. */
function withInput(name: string): Buffer {
  const bytes = Buffer.from(original);
  const { input, names } = placesIn(bytes);
  bytes.writeInt32LE(names.indexOf(name), input);
  return bytes;
}

async function diff(a: Buffer, b: Buffer): Promise<ModelDiff> {
  return diffModels(await sideOfBytes('a.tflite', a), await sideOfBytes('b.tflite', b), unattended);
}

describe('quantised models of TensorFlow Lite', () => {
  it('are read as the numbers that their integers stand for', async () => {
    const { summary, tensors } = await sideOfBytes('a.tflite', original);
    const tensor = summary.tensors.find(({ name }) => name === weights)!;
    const scales = placesIn(original)
      .scales.get(weights)!
      .map((at) => original.readFloatLE(at));
    expect(scales).toHaveLength(4);
    expect(tensor.shape).toEqual([4, 3, 3, 1]);
    const found: number[] = [];
    for await (const piece of tensors.numbers(tensor, unattended.signal)) found.push(...piece);
    const stored = original.subarray(tensor.byteOffset!, tensor.byteOffset! + tensor.byteLength!);
    const expected = [...stored].map((byte, at) => ((byte << 24) >> 24) * scales[Math.floor(at / 9)]!);
    expect(found).toHaveLength(36);
    for (const [at, value] of found.entries()) expect(value).toBeCloseTo(expected[at]!, 7);
  });

  it('have changed where the same integers stand for other numbers', async () => {
    const compared = await diff(
      original,
      rescaled((name) => name === weights),
    );
    expect(entryOf(compared, weights)).toMatchObject({ status: 'changed', requantized: true });
    expect(entryOf(compared, weights).difference?.relativeL2).toBeCloseTo(9, 6);
    expect(compared.verdict).toMatchObject({
      architecture: 'same',
      changedTensors: 1,
      signature: 'same',
    });
  });

  it('say so where what an operator puts out has another scale', async () => {
    const compared = await diff(
      original,
      rescaled((name) => name === 'digits_1/pool_1/MaxPool2d'),
    );
    expect(compared.verdict.text).toBe(
      'Same architecture; all 7 tensors are unchanged; 1 operator puts out numbers of another scale; same inputs and outputs.',
    );
    expect(compared.graph?.nodes.changes).toMatchObject([
      { b: { op: 'MAX_POOL_2D' }, attributes: [{ name: 'output quantizer' }] },
    ]);
  });

  it('break their callers where an input has another scale', async () => {
    const bytes = withInput('tfl.quantize');
    const compared = await diff(
      bytes,
      rescaled((name) => name === 'tfl.quantize', bytes),
    );
    expect(compared.graph).toMatchObject({ signature: 'breaking', inputs: [{ name: 'tfl.quantize' }] });
    expect(compared.graph?.inputs[0]?.b).toMatch(/^I8\[.*\] scale [\d.]+, zero point -?\d+$/);
  });
});
