import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { tensorLayout } from '../../src/formats/layout.ts';
import { bytesAccess, fileAccess, type ClosableAccess } from '../../src/formats/randomAccess.ts';
import { readerOf } from '../../src/formats/readers.ts';
import { openTensors } from '../../src/tensors/tensorReader.ts';
import type { FormatName } from '../../src/formats/formatNames.ts';
import { sniff } from '../../src/formats/sniff.ts';
import type { TensorInfo } from '../../src/formats/summary.ts';
import { checkMutated, checkTruncated, context, readAs, type HashedTensor } from '../support/readerChecks.ts';

const folder = path.join(import.meta.dirname, '../fixtures/hdf5');
const load = (name: string): Buffer => readFileSync(path.join(folder, name));
const expectedOf = (name: string): { readonly tensors: readonly HashedTensor[] } & Record<string, unknown> =>
  JSON.parse(load(`${name}.expected.json`).toString());
const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
const isTraining = ({ name }: TensorInfo): boolean => /(?:^|\/)(?:optimizer|metrics)\//.test(name);

/** The elements row by row and little-endian, by their range or as the reader finds them; undefined where it cannot. */
async function elements(
  { byteOffset, byteLength = 0, storage, shape }: TensorInfo,
  file: Buffer,
): Promise<Buffer | undefined> {
  const parts: Uint8Array[] = [];
  if (byteOffset !== undefined) parts.push(file.subarray(byteOffset, byteOffset + byteLength));
  else if (storage?.place.kind === 'reader') {
    for await (const part of storage.place.read(bytesAccess(file), context.signal)) parts.push(part);
  } else if (byteLength > 0) return undefined;
  const bytes = Buffer.from(Buffer.concat(parts));
  if (!storage?.bigEndian) return bytes;
  const width = byteLength / shape.reduce((product, size) => product * size, 1);
  for (let at = 0; at < bytes.length; at += width) bytes.subarray(at, at + width).reverse();
  return bytes;
}

async function hashed(tensor: TensorInfo, file: Buffer): Promise<HashedTensor> {
  const { name, dtype, shape, byteLength } = tensor;
  const bytes = await elements(tensor, file);
  return {
    name,
    dtype,
    shape,
    byteLength,
    sha256: bytes && createHash('sha256').update(bytes).digest('hex'),
  };
}

describe.each(['earliest.h5', 'latest.h5'])('%s: what h5py writes', (name) => {
  const bytes = load(name);

  it('every array is read as h5py reads it, however it is kept', async () => {
    expect(await sniff(bytesAccess(bytes), name)).toBe('hdf5');
    const { tensors, complete, findings } = await readAs('hdf5', bytes);
    expect(complete).toBe(true);
    const expected = expectedOf(name).tensors.toSorted(byName);
    const sorted = tensors.toSorted(byName);
    expect(sorted.map((tensor) => tensor.name)).toEqual(expected.map((tensor) => tensor.name));
    for (const [i, { byteOffset, ...tensor }] of expected.entries()) {
      expect(await hashed(sorted[i]!, bytes)).toMatchObject(tensor);
      if (byteOffset !== undefined) expect(sorted[i]).toMatchObject({ byteOffset });
    }
    expect(findings.map(({ message }) => message)).toEqual([
      '"outside" is in another file, which is not looked into.',
    ]);
  });

  it('an array without elements has none, rather than some that cannot be found', async () => {
    const { tensors } = await readAs('hdf5', bytes);
    const access = openTensors(bytesAccess(bytes));
    const empty = tensors.find((tensor) => tensor.name === 'empty')!;
    expect(empty.shape).toEqual([0, 4]);
    expect(access.obstacle(empty)).toBeUndefined();
    for await (const numbers of access.numbers(empty, context.signal)) expect(numbers).toHaveLength(0);
  });

  it('attributes are shown, of all groups', async () => {
    const { metadata } = await readAs('hdf5', bytes);
    expect(metadata.get('title')).toBe('plain');
    expect(metadata.get('note')).toBe('fixed');
    expect(metadata.get('numbers')).toBe('1.5, -2');
    expect(metadata.get('words')).toBe('one, two, μ');
    for (let i = 0; i < 20; i++) expect(metadata.get(`group/attribute${i}`)).toBe(String(i));
  });

  it('an array that has two names is counted once', async () => {
    const { tensors } = await readAs('hdf5', bytes);
    const shared = tensors.filter(({ sharesStorageWith }) => sharesStorageWith !== undefined);
    expect(shared.map(({ name, sharesStorageWith }) => [name, sharesStorageWith])).toEqual([
      ['chunks/gzip', 'again'],
    ]);
  });

  it('a chunk that is damaged is told of by whoever reads it', async () => {
    const { tensors } = await readAs('hdf5', bytes);
    const tensor = tensors.find((tensor) => tensor.name === 'chunks/gzip')!;
    // What zlib writes at h5py's level begins so.
    const damaged = Buffer.from(bytes);
    for (let at = damaged.indexOf('785e', 'hex'); at !== -1; at = damaged.indexOf('785e', at + 8, 'hex')) {
      damaged.fill(0xff, at + 2, at + 8);
    }
    await expect(elements(tensor, damaged)).rejects.toMatchObject({ code: 'damaged' });
  });
});

const models: readonly (readonly [string, FormatName, string])[] = [
  ['keras2.h5', 'hdf5', 'keras2'],
  ['keras2.keras', 'keras', 'keras2'],
  ['keras3.h5', 'hdf5', 'keras3'],
  ['keras3.keras', 'keras', 'keras3'],
  ['keras3.weights.h5', 'hdf5', 'keras3'],
];

describe.each(models)('%s: what Keras writes', (name, format, facts) => {
  const bytes = load(name);
  const expected = expectedOf(facts);

  it('weights have the names and the values that Keras gives them', async () => {
    expect(await sniff(bytesAccess(bytes), name)).toBe(format);
    const { tensors, complete, parameters } = await readAs(format, bytes);
    expect(complete).toBe(true);
    const weights = tensors.filter((tensor) => !isTraining(tensor)).sort(byName);
    // In version 2 a name does not say which model the layer is in, and ends in a number that is always 0.
    const named = expected.tensors.map(({ name, ...tensor }) => {
      const path = name.replace(/:0$/, '');
      const isInner = facts === 'keras2' && /^(?:inner|batch_normalization)\//.test(path);
      return { ...tensor, name: isInner ? `block/${path}` : path };
    });
    for (const tensor of weights) expect(tensor.byteOffset).toBeDefined();
    expect(await Promise.all(weights.map((tensor) => hashed(tensor, bytes)))).toEqual(named.sort(byName));
    const count = named.reduce((sum, { byteLength = 0 }) => sum + byteLength / 4, 0);
    expect(parameters).toBe(count);
  });

  it('the state of the optimizer is kept apart', async () => {
    const { tensors } = await readAs(format, bytes);
    // Two for each of the ten weights that are trained, one for the steps; version 3 also keeps the learning rate.
    const state = tensors.filter(({ name }) => name.startsWith('optimizer/'));
    expect(state.length).toBe(facts === 'keras3' ? 22 : 21);
  });

  it.runIf(!name.includes('weights'))('layers and settings are read', async () => {
    const { graph, hyperparameters, producer } = await readAs(format, bytes);
    expect(producer).toBe(expected['producer']);
    expect(graph?.nodes.map(({ name }) => name)).toContain('block/inner');
    // Keras 3 leaves the optimizer out here.
    if (name !== 'keras3.keras') {
      expect(hyperparameters.get('optimizer')).toBe('Adam');
      expect(hyperparameters.get('optimizer__learning_rate')).toBeCloseTo(0.003, 8);
    }
    expect(hyperparameters.get('loss')).toBe('sparse_categorical_crossentropy');
  });
});

it('bfloat16, which HDF5 has no name for, is told from what Keras notes', async () => {
  const bytes = load('bfloat16.keras');
  const { tensors } = await readAs('keras', bytes);
  expect(tensors.map(({ name, dtype }) => [name, dtype])).toEqual([
    ['half/kernel', 'BF16'],
    ['half/bias', 'BF16'],
  ]);
  const hashes = await Promise.all(tensors.map(async (tensor) => (await hashed(tensor, bytes)).sha256));
  expect(hashes).toEqual(expectedOf('bfloat16.keras')['sha256']);
});

it('weights that Keras spread over several files are read by their index', async () => {
  const name = 'parts.weights.json';
  const access = bytesAccess(load(name));
  expect(await sniff(access, name)).toBe('shardIndex');
  const sibling = (other: string): Promise<ClosableAccess> => fileAccess(path.join(folder, other));
  const summary = await (await readerOf('shardIndex'))!(access, { ...context, name, sibling });
  expect(summary.findings).toEqual([]);
  const names = summary.tensors.map((tensor) => tensor.name).sort();
  // Keras notes the names of layers in the first file only.
  expect(names).toEqual(['a/bias', 'a/kernel', 'b/bias', 'b/kernel', 'dense_2/bias', 'dense_2/kernel']);
  const tensors = openTensors(access, sibling);
  let sum = 0;
  for (const tensor of summary.tensors) {
    for await (const piece of tensors.numbers(tensor, context.signal))
      for (const value of piece) sum += value;
  }
  await tensors.close();
  expect(sum).toBeCloseTo(expectedOf('parts')['sum'] as number, 6);
});

it('the store cuts where the weights lie, in the archive and in the file within', async () => {
  const archive = load('wide.keras');
  const { tensors } = await readAs('keras', archive);
  const start = archive.indexOf('\x89HDF', 0, 'latin1');
  const part = archive.subarray(start);
  for (const [bytes, shift, name] of [
    [archive, 0, 'wide.keras'],
    [part, start, 'wide.h5'],
  ] as const) {
    const layout = await tensorLayout(bytesAccess(bytes), name);
    expect(layout).toEqual(
      tensors.map(({ byteOffset = 0, byteLength }) => ({
        name: expect.stringMatching(/^layers\/dense\/vars\/[01]$/),
        start: byteOffset - shift,
        length: byteLength,
        elementBytes: 4,
      })),
    );
  }
});

it('a file that is mostly chunks is cut by its content', async () => {
  expect(await tensorLayout(bytesAccess(load('latest.h5')), 'latest.h5')).toBeUndefined();
});

const all = [
  ['earliest.h5', 'hdf5'],
  ['latest.h5', 'hdf5'],
  ['keras2.h5', 'hdf5'],
  ['keras3.keras', 'keras'],
] as const;

it.each(all)('%s cut anywhere is said to be cut', async (name, format) => {
  await checkTruncated(format, load(name));
});

it.each(all)('%s changed anywhere reads to an end', async (name, format) => {
  await checkMutated(format, load(name), 100);
});

// Two weights to an element, and scales that have no name.
it.each(['int8.keras', 'int4.keras'])(
  '%s: how many parameters a quantised model has is not said',
  async (name) => {
    const { tensors, parameters, complete } = await readAs('keras', load(name));
    expect(complete).toBe(true);
    expect(tensors.map((tensor) => tensor.dtype)).toContain('I8');
    expect(parameters).toBeUndefined();
  },
);
