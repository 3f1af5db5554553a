import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { rangeStream } from '../../src/formats/byteStream.ts';
import { describeModel } from '../../src/formats/describe.ts';
import { PickleInput } from '../../src/formats/pickle/input.ts';
import { PickleRecord } from '../../src/formats/pickle/record.ts';
import { Unpickler } from '../../src/formats/pickle/unpickler.ts';
import { dictionaryOf, itemsOf } from '../../src/formats/pickle/objects.ts';
import { isCall, sequence, type Value } from '../../src/formats/pickle/values.ts';
import { bytesAccess } from '../../src/formats/randomAccess.ts';
import type { ModelSummary, TensorInfo, TreeEnsemble } from '../../src/formats/summary.ts';
import { SummaryDraft } from '../../src/formats/summaryDraft.ts';

const folder = path.join(import.meta.dirname, '../fixtures/pickles');
const { signal } = new AbortController();

interface ExpectedTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Of the bytes, where they are one range of the file. */
  readonly sha256?: string;
}
/** What the framework itself says of a file. */
interface Expected {
  readonly tensors?: Readonly<Record<string, ExpectedTensor>>;
  readonly shares?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly someSettings?: Readonly<Record<string, unknown>>;
  readonly someMetadata?: Readonly<Record<string, string>>;
  readonly producer?: string;
  /** Tied weights once. */
  readonly parameters?: number;
  readonly trees?: Omit<TreeEnsemble, 'importance'> & {
    readonly importance: Readonly<Record<string, { readonly splits: number; readonly gain: number }>>;
  };
  readonly values?: 'samples' | 'binary';
}
const json = (name: string): unknown => JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
const expected = json('expected.json') as Readonly<Record<string, Expected>>;
const fixture = (name: string): Buffer => readFileSync(path.join(folder, name));

async function read(name: string): Promise<ModelSummary> {
  const { summary } = await describeModel(bytesAccess(fixture(name)), name, signal);
  if (!summary) throw new Error(`no reader for ${name}`);
  return summary;
}

function described(tensor: TensorInfo, bytes: Buffer): ExpectedTensor {
  const { dtype, shape, byteOffset: start, byteLength = 0 } = tensor;
  if (start === undefined) return { dtype, shape };
  return {
    dtype,
    shape,
    sha256: createHash('sha256')
      .update(bytes.subarray(start, start + byteLength))
      .digest('hex'),
  };
}

describe('what frameworks say of their own files', () => {
  const files = Object.entries(expected).filter(([, { tensors }]) => tensors);

  it.each(files)('%s holds these tensors, each at its place', async (name, { tensors = {} }) => {
    const summary = await read(name);
    expect(summary.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(summary.complete).toBe(true);
    const bytes = fixture(name);
    const found = new Map(summary.tensors.map((tensor) => [tensor.name, described(tensor, bytes)]));
    expect(found.size).toBe(summary.tensors.length);
    expect(found).toEqual(new Map(Object.entries(tensors)));
  });

  it.each(files)('%s has these settings and facts', async (name, expectation) => {
    const summary = await read(name);
    const {
      settings,
      someSettings = {},
      someMetadata = {},
      shares = {},
      producer,
      trees,
      parameters,
    } = expectation;
    if (settings) expect(summary.hyperparameters).toEqual(new Map(Object.entries(settings)));
    for (const [key, value] of Object.entries(someSettings)) {
      expect([key, summary.hyperparameters.get(key)]).toEqual([key, value]);
    }
    for (const [key, value] of Object.entries(someMetadata)) {
      expect([key, summary.metadata.get(key)]).toEqual([key, value]);
    }
    for (const [key, value] of Object.entries(shares)) {
      expect(summary.tensors.find((tensor) => tensor.name === key)?.sharesStorageWith).toBe(value);
    }
    expect(summary.producer).toBe(producer);
    if (parameters !== undefined) expect(summary.parameters).toBe(parameters);
    if (!trees) return;
    const { importance, ...others } = trees;
    const { importance: found = new Map(), ...foundOthers } = summary.trees ?? {};
    expect(foundOthers).toMatchObject(others);
    const rounded = (
      entries: Iterable<readonly [string, { readonly splits: number; readonly gain?: number }]>,
    ) => [...entries].map(([key, { splits, gain = 0 }]) => [key, splits, gain.toPrecision(13)]).sort();
    expect(rounded(found)).toEqual(rounded(Object.entries(importance)));
  });
});

it.each(['small.joblib', 'small.pkl'])(
  '%s: arrays of small types are listed, and what stands behind them',
  async (name) => {
    const { tensors, complete, findings } = await read(name);
    expect({ complete, findings }).toEqual({ complete: true, findings: [] });
    expect(tensors.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toMatchObject([
      { name: 'after', dtype: 'F64', shape: [3] },
      { name: 'float4', dtype: 'float4_e2m1fn', shape: [4], byteLength: 4 },
      { name: 'int4', dtype: 'int4', shape: [2, 3], byteLength: 6 },
    ]);
  },
);

describe('plain values', () => {
  const values = json('values.json') as Readonly<Record<'samples' | 'binary', unknown>>;
  const files = Object.entries(expected).flatMap(([name, { values }]) =>
    values ? [[name, values] as const] : [],
  );

  it.each(files)('%s gives what Python wrote', async (name, key) => {
    const bytes = fixture(name);
    const record = new PickleRecord(new SummaryDraft());
    const input = new PickleInput(rangeStream(bytesAccess(bytes), 0, bytes.length, signal));
    const { value, complete } = await new Unpickler(input, record).load();
    expect(record.draft.findings.list()).toEqual([]);
    expect(complete).toBe(true);
    expect(await input.atEnd()).toBe(true);
    expect(toJson(value ?? null)).toEqual(values[key]);
  });
});

/** In the form of values.json. */
function toJson(value: Value): unknown {
  if (typeof value === 'bigint') return { int: String(value) };
  if (typeof value !== 'object' || value === null) return value;
  const entries = dictionaryOf(value);
  if (entries) return { dict: entries.map(([key, item]) => [toJson(key), toJson(item)]) };
  const items = itemsOf(value);
  if (items) return { [isCall(value) ? 'set' : value.kind]: items.map(toJson) };
  if (isCall(value)) return toJson(sequence(value.args)?.[0] ?? null);
  if (value.kind === 'bytes') return { bytes: Buffer.from(value.head).toString('hex') };
  return value;
}
