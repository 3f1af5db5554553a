import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ParamValue } from '../../src/core/facts.ts';
import type { FormatName } from '../../src/formats/formatNames.ts';
import { bytesAccess } from '../../src/formats/randomAccess.ts';
import { sniff } from '../../src/formats/sniff.ts';
import type { ModelSummary, TreeEnsemble } from '../../src/formats/summary.ts';
import { checkMutated, checkTruncated, readAs } from '../support/readerChecks.ts';

const folder = path.join(import.meta.dirname, '../fixtures/readers');
const load = (name: string): Buffer => readFileSync(path.join(folder, name));
const fixtures = (start: string, ending = ''): string[] =>
  readdirSync(folder).filter(
    (name) => name.startsWith(start) && name.endsWith(ending) && !name.endsWith('.expected.json'),
  );
const expectation = <T>(name: string): T => JSON.parse(load(`${name}.expected.json`).toString()) as T;

interface Expected {
  readonly objective: string;
  readonly features: readonly string[];
  readonly trees: TreeEnsemble['trees'];
  readonly importance: Record<string, { splits: number; gain?: number }>;
}

function expectTrees(summary: ModelSummary, expected: Expected): void {
  expect(summary.findings).toEqual([]);
  expect(summary.complete).toBe(true);
  const { features, trees, importance } = summary.trees!;
  expect(features).toEqual(expected.features);
  expect(trees.map(({ leaves, depth }) => ({ leaves, depth }))).toEqual(expected.trees);
  expect([...importance.keys()].sort()).toEqual(Object.keys(expected.importance).sort());
  for (const [name, { splits, gain }] of Object.entries(expected.importance)) {
    const read = importance.get(name)!;
    expect(read.splits, name).toBe(splits);
    // The frameworks add up 32-bit floats.
    if (gain === undefined) expect(read.gain).toBeUndefined();
    else expect(Math.abs(read.gain! / gain - 1), name).toBeLessThan(1e-6);
  }
}

describe('XGBoost', () => {
  interface XgboostExpected extends Expected {
    readonly producer: string;
    readonly booster: string;
    readonly metadata: Record<string, string>;
    readonly parameters: Record<string, string>;
  }
  const formatOf = (name: string): FormatName => (name.endsWith('.ubj') ? 'xgboost' : 'xgboostJson');

  it.each(fixtures('xgboost-'))('%s reads as XGBoost itself reads it', async (name) => {
    const expected = expectation<XgboostExpected>(name);
    const bytes = load(name);
    expect(await sniff(bytesAccess(bytes), name)).toBe(formatOf(name));
    const summary = await readAs(formatOf(name), bytes);
    const { metadata, hyperparameters, producer } = summary;
    expect(producer).toBe(expected.producer);
    expect(new Map(metadata)).toEqual(new Map(Object.entries(expected.metadata)));
    expect(hyperparameters.get('objective')).toBe(expected.objective);
    expect(hyperparameters.get('booster')).toBe(expected.booster);
    for (const [key, text] of Object.entries(expected.parameters)) {
      // One number in brackets is a number; several are a text.
      const value = text.includes(',') ? text : Number(text.replace(/^\[(.*)\]$/, '$1'));
      expect(hyperparameters.get(key), key).toBe(value);
    }
    if (expected.booster !== 'gblinear') return expectTrees(summary, expected);
    expect(summary.trees).toBeUndefined();
    expect(summary.tensors).toMatchObject([
      { name: 'weights', dtype: 'F32', shape: [expected.features.length + 1] },
    ]);
  });

  it('says how many classes there are', async () => {
    expect((await readAs('xgboost', load('xgboost-classes.ubj'))).trees?.classes).toBe(10);
    expect((await readAs('xgboost', load('xgboost-binary.ubj'))).trees?.classes).toBeUndefined();
  });

  it.each(fixtures('xgboost-'))('%s cut anywhere is said to be cut', async (name) => {
    await checkTruncated(formatOf(name), load(name));
  });

  it.each(fixtures('xgboost-'))('%s changed anywhere reads to an end', async (name) => {
    await checkMutated(formatOf(name), load(name), 60);
  });

  it('what older versions wrote in binary is said not to be read', async () => {
    const { complete, findings } = await readAs('xgboost', Buffer.from('binf and what follows'));
    expect(complete).toBe(false);
    expect(findings).toMatchObject([{ severity: 'warning' }]);
  });

  const key = (text: string): string => `L\0\0\0\0\0\0\0${String.fromCharCode(text.length)}${text}`;
  const huge = 'L\x10\0\0\0\0\0\0\0';
  const hostile: readonly (readonly [string, string])[] = [
    ['2^60 nulls', `{${key('learner')}[$Z#${huge}}`],
    ['2^60 bytes', `{${key('version')}[$U#${huge}}`],
    ['2^60 doubles that nobody asked for', `{${key('other')}[$D#${huge}}`],
    ['2^60 members', `{#${huge}`],
    ['2^60 objects', `{${key('learner')}[$\x7b#${huge}}`],
    ['a string of 2^60', `{${key('version')}S${huge}`],
    ['a negative length', `{${key('version')}SL\xff\xff\xff\xff\xff\xff\xff\xff`],
    ['a key of 2^60', `{${huge}`],
    ['lists in lists', `{${key('version')}${'['.repeat(100_000)}`],
    ['nothing but no-ops', `{${'N'.repeat(100_000)}`],
  ];
  it.each(hostile)('%s', async (_name, text) => {
    expect((await readAs('xgboost', Buffer.from(text, 'latin1'))).complete).toBe(false);
  });

  const tree = (left: number[], right: number[]): string =>
    JSON.stringify({
      learner: {
        gradient_booster: {
          name: 'gbtree',
          model: {
            trees: [{ left_children: left, right_children: right, split_indices: left.map(() => 0) }],
          },
        },
      },
    });
  it.each([
    ['its own child', [0, -1], [1, -1]],
    ['a child that is not there', [7, -1], [1, -1]],
    ['shared children', [1, 2, 3, 4, -1], [1, 2, 3, 4, -1]],
  ])('a node that has %s', async (_name, left, right) => {
    const summary = await readAs('xgboostJson', Buffer.from(tree(left, right)));
    expect(summary.complete).toBe(false);
  });

  it('a tree as deep as it has nodes is no trouble', async () => {
    const nodes = 200_000;
    const left = Array.from({ length: nodes }, (_, i) => (i % 2 === 0 && i + 2 < nodes ? i + 1 : -1));
    const right = left.map((child) => (child === -1 ? -1 : child + 1));
    const { trees, complete } = await readAs('xgboostJson', Buffer.from(tree(left, right)));
    expect(complete).toBe(true);
    expect(trees?.trees).toMatchObject([{ leaves: nodes / 2, depth: nodes / 2 - 1 }]);
  });
});

describe('LightGBM', () => {
  interface LightgbmExpected extends Expected {
    readonly formatVersion: string;
    readonly classes: number;
    readonly hyperparameters: Record<string, string>;
  }

  it.each(fixtures('lightgbm-'))('%s reads as LightGBM itself reads it', async (name) => {
    const expected = expectation<LightgbmExpected>(name);
    const bytes = load(name);
    expect(await sniff(bytesAccess(bytes), name)).toBe('lightgbm');
    const summary = await readAs('lightgbm', bytes);
    expectTrees(summary, expected);
    expect(summary.trees?.objective).toBe(expected.objective);
    expect(summary.trees?.classes).toBe(expected.classes > 1 ? expected.classes : undefined);
    expect(summary.formatVersion).toBe(expected.formatVersion);
    const settings = new Map(Object.entries(expected.hyperparameters));
    expect([...summary.hyperparameters.keys()].sort()).toEqual([...settings.keys()].sort());
    for (const [key, value] of summary.hyperparameters) {
      const text = settings.get(key)!;
      expect(typeof value === 'number' ? Number(text) : text, key).toBe(value);
    }
  });

  it('numbers are numbers', async () => {
    const { hyperparameters } = await readAs('lightgbm', load('lightgbm-binary.lgb'));
    expect(hyperparameters.get('learning_rate')).toBe(0.05);
    expect(hyperparameters.get('objective')).toBe('binary');
  });

  it.each(fixtures('lightgbm-'))('%s cut anywhere is said to be cut', async (name) => {
    await checkTruncated('lightgbm', load(name));
  });

  it.each(fixtures('lightgbm-'))('%s changed anywhere reads to an end', async (name) => {
    await checkMutated('lightgbm', load(name), 60);
  });

  it('reads line breaks of Windows as well', async () => {
    const unix = load('lightgbm-binary.lgb');
    const windows = Buffer.from(unix.toString().replaceAll('\n', '\r\n'));
    expect(await readAs('lightgbm', windows)).toEqual(await readAs('lightgbm', unix));
  });

  it('a line without an end is given up', async () => {
    const bytes = Buffer.concat([Buffer.from('tree\nobjective='), Buffer.alloc(40 * 2 ** 20, 'x')]);
    expect((await readAs('lightgbm', bytes)).complete).toBe(false);
  });

  it.each([
    ['its own child', '0', '-1'],
    ['a child that is not there', '5', '-1'],
    ['no number for a child', 'x', '-1'],
  ])('a node that has %s', async (_name, left, right) => {
    const text = `tree\nversion=v4\nfeature_names=a\n\nTree=0\nnum_leaves=2\nsplit_feature=0\nsplit_gain=1\nleft_child=${left}\nright_child=${right}\n\nend of trees\n\nparameters:\nend of parameters\n`;
    expect((await readAs('lightgbm', Buffer.from(text))).complete).toBe(false);
  });
});

describe('CatBoost', () => {
  interface CatboostExpected extends Expected {
    readonly depth: number;
    readonly iterations: number;
    readonly learningRate: number;
    readonly seed: number;
    readonly keys: readonly string[];
  }

  it.each(fixtures('catboost-'))('%s reads as CatBoost itself reads it', async (name) => {
    const expected = expectation<CatboostExpected>(name);
    const bytes = load(name);
    expect(await sniff(bytesAccess(bytes), name)).toBe('catboost');
    const summary = await readAs('catboost', bytes);
    expectTrees(summary, expected);
    const { trees, hyperparameters, metadata, producer } = summary;
    expect(trees?.objective).toBe(expected.objective);
    expect(producer).toBe('CatBoost 1.2.10');
    const set = (key: string): ParamValue | undefined => hyperparameters.get(key);
    expect(set('tree_learner_options__depth')).toBe(expected.depth);
    expect(set('boosting_options__iterations')).toBe(expected.iterations);
    expect(set('boosting_options__learning_rate')).toBe(expected.learningRate);
    expect(set('random_seed')).toBe(expected.seed);
    const keys = expected.keys.filter((key) => key !== 'params' && key !== 'catboost_version_info');
    expect([...metadata.keys()].sort()).toEqual(keys);
  });

  it.each(fixtures('catboost-'))('%s cut anywhere is said to be cut', async (name) => {
    await checkTruncated('catboost', load(name));
  });

  it.each(fixtures('catboost-'))('%s changed anywhere reads to an end', async (name) => {
    await checkMutated('catboost', load(name), 150);
  });
});
