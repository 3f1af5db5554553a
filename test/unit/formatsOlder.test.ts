import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesAccess } from '../../src/formats/randomAccess.ts';
import { readerOf } from '../../src/formats/readers.ts';
import { sniff } from '../../src/formats/sniff.ts';
import type { ModelSummary, TreeEnsemble } from '../../src/formats/summary.ts';
import { openTensors } from '../../src/tensors/tensorReader.ts';
import { context, readAs } from '../support/readerChecks.ts';

const folder = path.join(import.meta.dirname, '../fixtures/older');
const load = (name: string): Buffer => readFileSync(path.join(folder, name));
const named = (start: string): string[] =>
  readdirSync(folder).filter((name) => name.startsWith(start) && !name.endsWith('.expected.json'));

interface Expected {
  readonly producer?: string;
  readonly parameters?: Record<string, unknown>;
  readonly arrays?: Record<string, { readonly shape: readonly number[]; readonly sum: number }>;
  readonly leaves?: number;
  readonly objective?: string;
  readonly features?: readonly string[];
  readonly trees?: TreeEnsemble['trees'];
}
const expectedOf = (name: string): Expected =>
  JSON.parse(load(`${name}.expected.json`).toString()) as Expected;

async function read(name: string): Promise<ModelSummary> {
  const bytes = load(name);
  return readAs(await sniff(bytesAccess(bytes), name), bytes);
}

async function expectArrays(name: string, summary: ModelSummary): Promise<void> {
  const tensors = openTensors(bytesAccess(load(name)));
  for (const [key, { shape, sum }] of Object.entries(expectedOf(name).arrays ?? {})) {
    const tensor = summary.tensors.find((tensor) => tensor.name === key)!;
    expect(tensor.shape, key).toEqual(shape);
    let found = 0;
    for await (const piece of tensors.numbers(tensor, context.signal))
      for (const value of piece) found += value;
    expect(found, key).toBeCloseTo(sum, 9);
  }
  await tensors.close();
}

describe('scikit-learn since 2018, in pickles of Python 2 and 3 and of joblib', () => {
  it.each(named('sklearn-'))('%s', async (name) => {
    const expected = expectedOf(name);
    const summary = await read(name);
    expect(summary.findings).toEqual([]);
    expect(summary.complete).toBe(true);
    expect(summary.producer).toBe(expected.producer);
    expect(Object.fromEntries(summary.hyperparameters)).toMatchObject(expected.parameters ?? {});
    await expectArrays(name, summary);
    if (expected.leaves !== undefined) expect(summary.trees?.trees[0]?.leaves).toBe(expected.leaves);
  });
});

describe('NumPy before and since version 2, in pickles of Python 2 and 3', () => {
  it.each(named('numpy-'))('%s', async (name) => {
    const summary = await read(name);
    expect(summary.complete).toBe(true);
    expect(summary.metadata.get('scalar')).toBe('0.25');
    expect(summary.metadata.get('text')).toBe('ä');
    await expectArrays(name, summary);
  });
});

describe('XGBoost and LightGBM since 2019', () => {
  it.each([...named('xgboost-1'), ...named('lightgbm-')])('%s', async (name) => {
    const { trees, objective, features } = expectedOf(name);
    const summary = await read(name);
    expect(summary.complete).toBe(true);
    expect(summary.trees?.trees).toMatchObject(trees ?? []);
    expect(summary.trees?.objective).toBe(objective);
    if (features?.length) expect(summary.trees?.features).toEqual(features);
  });

  it('what XGBoost wrote before it wrote JSON is said not to be read', async () => {
    const [name = ''] = named('xgboost-0');
    const bytes = load(name);
    const format = await sniff(bytesAccess(bytes), 'model.xgb');
    expect(format).toBe('xgboost');
    const { complete, findings } = await (await readerOf(format))!(bytesAccess(bytes), context);
    expect(complete).toBe(false);
    expect(findings.length).toBeGreaterThan(0);
  });
});

it('a long array of Python 2, whose bytes are text, is read where it lies', async () => {
  const u32 = (value: number): string => Buffer.from(Uint32Array.of(value).buffer).toString('latin1');
  const elements = Float32Array.from({ length: 50_000 }, (_, i) => i);
  const data = Buffer.from(elements.buffer).toString('latin1');
  const type = 'cnumpy\ndtype\nU\x02f4K\0K\x01\x87R(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb';
  const made = 'cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85U\x01b\x87R';
  const shape = `J${u32(elements.length)}\x85`;
  const text = `\x80\x02}U\x01w${made}(K\x01${shape}${type}\x89T${u32(data.length)}${data}tbs.`;
  const bytes = Buffer.from(text, 'latin1');
  const { tensors } = await readAs('pickle', bytes);
  expect(tensors).toMatchObject([{ name: 'w', dtype: 'F32', shape: [50_000] }]);
  expect(tensors[0]?.byteOffset).toBe(bytes.length - data.length - 4);
});

it('of a pickle with very many arrays all are read', async () => {
  const type = 'cnumpy\ndtype\nU\x02f4K\0K\x01\x87R(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb';
  // What each array is made of, noted once.
  const parts = [
    'cnumpy.core.multiarray\n_reconstruct\nq\x000',
    'cnumpy\nndarray\nK\0\x85U\x01b\x87q\x010',
    `(K\x01K\x01\x85${type}\x89U\x04abcdtq\x020`,
  ];
  const count = 150_000;
  const arrays = Array.from({ length: count }, (_, n) => `U\x06${String(n).padStart(6, '0')}h\0h\x01Rh\x02b`);
  const text = `\x80\x02${parts.join('')}}(${arrays.join('')}u.`;
  const { tensors, findings } = await readAs('pickle', Buffer.from(text, 'latin1'));
  expect(findings).toEqual([]);
  expect(tensors).toHaveLength(count);
  expect(tensors.at(-1)).toMatchObject({ dtype: 'F32', shape: [1] });
});
