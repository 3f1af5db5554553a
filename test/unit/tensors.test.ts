import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { TrailError } from '../../src/core/errors.ts';
import { unattended } from '../../src/core/operation.ts';
import { summarizeModel } from '../../src/formats/describe.ts';
import { bytesAccess } from '../../src/formats/randomAccess.ts';
import type { ModelSummary, TensorInfo } from '../../src/formats/summary.ts';
import { HistogramCounter } from '../../src/tensors/histogram.ts';
import { StatisticsCounter, type TensorStatistics } from '../../src/tensors/statistics.ts';
import { openTensors, type TensorReader } from '../../src/tensors/tensorReader.ts';
import { besideFile } from '../../src/trail/reading/openContent.ts';

const folder = path.join(import.meta.dirname, '../fixtures/tensors');
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.expected.json'));
const { signal } = unattended;

/** What the framework itself reads. */
interface Expected extends TensorStatistics {
  /** Of the elements as 64-bit floats. */
  readonly sha256?: string;
  readonly histogram?: readonly number[];
}

async function open(name: string): Promise<{ summary: ModelSummary; tensors: TensorReader }> {
  const file = path.join(folder, name);
  const access = bytesAccess(readFileSync(file));
  const sibling = besideFile(file, async () => undefined);
  const summary = await summarizeModel(access, { name, signal, sibling });
  return { summary, tensors: openTensors(access, sibling) };
}

async function statisticsOf(tensors: TensorReader, tensor: TensorInfo): Promise<Expected> {
  const counter = new StatisticsCounter();
  const hash = createHash('sha256');
  for await (const numbers of tensors.numbers(tensor, signal)) {
    counter.add(numbers);
    hash.update(new Uint8Array(Float64Array.from(numbers).buffer));
  }
  const statistics = counter.result();
  const { min, max } = statistics;
  const bins = new HistogramCounter(min ?? 0, max ?? 0);
  for await (const numbers of tensors.numbers(tensor, signal)) bins.add(numbers);
  return { ...statistics, sha256: hash.digest('hex'), histogram: bins.result().counts };
}

/** Sums may differ in the last digits of a 64-bit float, according to their order. */
function expectSame(actual: Expected, { sha256, histogram, ...expected }: Expected, name: string): void {
  if (sha256 !== undefined) expect(actual.sha256, name).toBe(sha256);
  if (histogram) expect(actual.histogram, name).toEqual(histogram);
  const scale = Math.max(Math.abs(expected.min ?? 0), Math.abs(expected.max ?? 0));
  for (const [key, value] of Object.entries(expected) as [keyof TensorStatistics, number][]) {
    const tolerance = key === 'norm' ? 1e-13 * value : 1e-14 * scale;
    expect(Math.abs((actual[key] ?? Number.NaN) - value), `${name}: ${key}`).toBeLessThanOrEqual(tolerance);
  }
}

describe('elements as the frameworks themselves read them', () => {
  it.each(fixtures)('%s', async (document) => {
    const expected = JSON.parse(readFileSync(path.join(folder, document), 'utf8')) as Record<
      string,
      Expected
    >;
    const { summary, tensors } = await open(document.replace('.expected.json', ''));
    for (const [name, value] of Object.entries(expected)) {
      const tensor = summary.tensors.find((tensor) => tensor.name === name);
      expect(tensor, name).toBeDefined();
      expect(tensors.obstacle(tensor!), name).toBeUndefined();
      expectSame(await statisticsOf(tensors, tensor!), value, name);
    }
    await tensors.close();
  });
});

// What a later PyTorch would write: a storage without a type of its own, and the name of one that is not known here.
it('makes no numbers of elements of a type that is not known', async () => {
  const bytes = readFileSync(path.join(folder, 'newer.pt')).toString('latin1');
  const later = Buffer.from(bytes.replaceAll('bcomplex32', 'dcomplex64'), 'latin1');
  const access = bytesAccess(later);
  const summary = await summarizeModel(access, { name: 'later.pt', signal });
  const brain = tensorOf(summary, 'brain');
  expect(brain).toMatchObject({ dtype: 'dcomplex64', shape: [4, 5] });
  expect(brain.byteLength).toBeUndefined();
  expect(openTensors(access).obstacle(brain)).toBeDefined();
});

async function collect(numbers: AsyncIterable<Float32Array | Float64Array>): Promise<number[]> {
  const all: number[] = [];
  for await (const piece of numbers) all.push(...piece);
  return all;
}

function tensorOf({ tensors }: ModelSummary, name: string): TensorInfo {
  return tensors.find((tensor) => tensor.name === name)!;
}

describe('parts of a tensor', () => {
  it.each([
    ['views.pt', 'transposed'],
    ['views.pt', 'half'],
    ['packed.npz', 'columns'],
    ['packed.joblib', 'bigLong'],
    ['quantized.gguf', 'Q4_K'],
    ['types.safetensors', 'F6_E3M2'],
    ['elements.onnx', 'int4'],
    ['elements.onnx', 'external'],
  ])('%s: %s is the same in parts as in whole', async (file, name) => {
    const { summary, tensors } = await open(file);
    const tensor = tensorOf(summary, name);
    const whole = await collect(tensors.numbers(tensor, signal));
    for (const [from, count] of [
      [0, 1],
      [3, 5],
      [whole.length - 2, 100],
      [whole.length, 1],
      [1, whole.length],
    ] as const) {
      const part = await collect(tensors.numbers(tensor, signal, { from, count }));
      expect(part, `${from}+${count}`).toEqual(whole.slice(from, from + count));
    }
    await tensors.close();
  });

  it('reads an earlier array of a compressed file again, and two at once', async () => {
    const { summary, tensors } = await open('packed.joblib');
    const [first, last] = ['plain', 'byte'].map((name) => tensorOf(summary, name));
    const later = await collect(tensors.numbers(last!, signal));
    const [one, other] = await Promise.all([
      collect(tensors.numbers(first!, signal)),
      collect(tensors.numbers(last!, signal)),
    ]);
    expect(other).toEqual(later);
    expect(later).toEqual(one.map((value) => ((value * 50) << 24) >> 24));
    await tensors.close();
  });
});

describe('stored bytes', () => {
  const bytesOf = async (file: string, name: string): Promise<Buffer> => {
    const { summary, tensors } = await open(file);
    const pieces: Uint8Array[] = [];
    for await (const piece of tensors.bytes(tensorOf(summary, name), signal)!) pieces.push(piece);
    await tensors.close();
    return Buffer.concat(pieces);
  };

  it('are the same however an array is kept', async () => {
    const plain = await bytesOf('arrays.npz', 'plain');
    expect(plain).toHaveLength(30 * 40 * 8);
    for (const file of ['arrays.npz', 'packed.npz', 'arrays.joblib', 'packed.joblib']) {
      expect((await bytesOf(file, 'columns')).equals(plain), file).toBe(true);
      expect((await bytesOf(file, 'bigColumns')).equals(plain), file).toBe(true);
    }
    const view = await bytesOf('views.pt', 'transposed');
    expect(view.equals(await bytesOf('views-stacked.pt', 'transposed'))).toBe(true);
    expect(view.readFloatLE(4)).toBe((await bytesOf('views.pt', 'whole')).readFloatLE(4 * 80));
  });

  it('can be had of a type that is not read as numbers', async () => {
    expect(await bytesOf('quantized.gguf', 'IQ2_XXS')).toHaveLength(6 * 66);
  });
});

describe('what cannot be read', () => {
  it('says why', async () => {
    const { summary, tensors } = await open('quantized.gguf');
    const unknown = tensorOf(summary, 'IQ2_XXS');
    expect(tensors.obstacle(unknown)).toBe('Elements of the type IQ2_XXS are not read as numbers.');
    await expect(collect(tensors.numbers(unknown, signal))).rejects.toThrow('IQ2_XXS');
    const about = (changed: Partial<TensorInfo>): string | undefined =>
      tensors.obstacle({ ...tensorOf(summary, 'Q8_0'), ...changed });
    expect(about({ shape: [2 ** 40, 2 ** 40] })).toBe('The shape of the tensor is not valid.');
    expect(about({ byteOffset: 10_300 })).toBe('The file ends before the tensor does.');
    expect(about({ shape: [3, 96] })).toMatch(
      /^The tensor has \d+ bytes, but its shape and type need 306\.$/,
    );
    expect(about({ byteOffset: undefined })).toMatch(/^Where the elements are/);
    const place = { kind: 'file', offset: 0, length: 204 } as const;
    expect(about({ storage: { place, bigEndian: true } })).toMatch(/^Quantised elements of a big-endian/);
  });

  it('a file with the weights that is missing', async () => {
    const access = bytesAccess(readFileSync(path.join(folder, 'elements.onnx')));
    const summary = await summarizeModel(access, { name: 'elements.onnx', signal });
    const external = tensorOf(summary, 'external');
    expect(openTensors(access).obstacle(external)).toMatch(/"elements.weights"/);
    const none = openTensors(access, async () => undefined);
    await expect(collect(none.numbers(external, signal))).rejects.toSatisfy((error) =>
      TrailError.is(error, 'notFound'),
    );
  });

  it('views that would read or hold far more than there is', () => {
    const access = { size: 2 ** 40, read: async () => new Uint8Array(0) };
    const tensors = openTensors(access);
    const view = (shape: number[], strides: number[], length: number): string | undefined => {
      const place = { kind: 'file', offset: 0, length } as const;
      return tensors.obstacle({ name: 'a', dtype: 'F32', shape, storage: { place, strides } });
    };
    expect(view([10, 10], [1, 10], 400)).toBeUndefined();
    expect(view([2, 2], [1, 2 ** 30], 400)).toMatch(/not all there/);
    expect(view([10, 10], [10, -1], 400)).toMatch(/cannot be read at ease/);
    expect(view([2 ** 17, 2 ** 17], [1, 2 ** 17], 2 ** 36)).toMatch(/cannot be read at ease/);
    expect(view([2 ** 20, 2 ** 20], [0, 0], 4)).toMatch(/cannot be read at ease/);
    // Rows of a larger matrix are read one by one, whatever they are part of.
    expect(view([2 ** 17, 100], [2 ** 10, 1], 2 ** 29)).toBeUndefined();
  });

  it('elements that lie before the beginning of the compressed content, or after its end', async () => {
    const { summary, tensors } = await open('packed.npz');
    const plain = tensorOf(summary, 'plain');
    const place = plain.storage!.place as { readonly kind: 'packed'; readonly offset: number };
    const moved = { ...plain, storage: { place: { ...plain.storage!.place, offset: place.offset + 64 } } };
    await expect(collect(tensors.numbers(moved as TensorInfo, signal))).rejects.toSatisfy((error) =>
      TrailError.is(error, 'damaged'),
    );
    await tensors.close();
  });

  it('stops when it is told to', async () => {
    const { summary, tensors } = await open('arrays.npz');
    const cancelled = collect(tensors.numbers(tensorOf(summary, 'columns'), AbortSignal.abort()));
    await expect(cancelled).rejects.toSatisfy((error) => TrailError.is(error, 'cancelled'));
  });
});
