import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TrailError } from '../../src/core/errors.ts';
import { parseFilter } from '../../src/core/versionFilter.ts';
import type { Version } from '../../src/core/versions.ts';

const plain: Version = {
  model: 'models/churn.onnx',
  id: '7'.repeat(64),
  size: 1,
  time: '',
  by: { name: '' },
  message: '',
  metrics: {},
  params: {},
  tags: [],
  sources: ['recorded'],
  sightings: [],
};
const version: Version = {
  ...plain,
  number: 4,
  message: 'Longer warm-up, then cosine',
  note: 'Best so far',
  stage: 'production',
  tags: ['champion', 'release=1.0'],
  metrics: { f1: 0.91, 'val/loss': 0.2, AUC: 0.95 },
  params: { lr: 0.0003, optimizer: 'AdamW', nesterov: true, seed: null, torch: '2.10' },
  sources: ['recorded', 'git'],
};

function holds(filter: string, of: Version = version): boolean {
  return parseFilter(filter)(of);
}

/** What is said of a filter that makes no sense. */
function problem(filter: string): string {
  try {
    parseFilter(filter);
  } catch (error) {
    if (TrailError.is(error, 'usage')) return error.message;
    throw error;
  }
  throw new Error(`${filter} was understood`);
}

describe('a filter', () => {
  it('looks for each word in path, name, message, note, tags and stage, in any case', () => {
    for (const filter of [
      '',
      '  ',
      'CHURN',
      'v4',
      'V4',
      'warm-up',
      'best',
      'champ',
      'product',
      'longer churn',
    ])
      expect(holds(filter), filter).toBe(true);
    for (const filter of ['churn.pt', 'v40', 'longer shorter']) expect(holds(filter), filter).toBe(false);
    expect(holds('v4', { ...version, number: 40 })).toBe(false);
    expect(holds('7777777')).toBe(true);
  });

  it('takes what is in quotes as it is written', () => {
    expect(holds('"warm-up, then"')).toBe(true);
    expect(holds('"then warm-up"')).toBe(false);
    expect(holds('"-up"')).toBe(true);
    expect(holds('"f1>0.5"')).toBe(false);
    expect(holds('"a: b"', { ...version, message: 'A: B' })).toBe(true);
    expect(holds('tag:"the best"', { ...version, tags: ['the best'] })).toBe(true);
    expect(holds('"val/loss"<0.3')).toBe(true);
  });

  it('knows tags, stages, sources and models by their names', () => {
    for (const filter of ['tag:champion', 'tag:release=1.0', 'Stage:Production', 'source:git', 'model:churn'])
      expect(holds(filter), filter).toBe(true);
    for (const filter of ['tag:champ', 'stage:prod', 'stage:none', 'source:lfs', 'model:v4'])
      expect(holds(filter), filter).toBe(false);
    expect(holds('stage:none', plain)).toBe(true);
  });

  it('compares metrics and params', () => {
    const right = [
      'f1>0.9',
      'f1>=.91',
      'f1=0.91',
      'f1==0.91',
      'f1<1',
      'val/loss<=2e-1',
      'auc>0.9',
      'f1!=0.9',
    ];
    for (const filter of [
      ...right,
      'lr=3e-4',
      'optimizer=adamw',
      'optimizer!=sgd',
      'nesterov=true',
      'torch=2.10',
    ])
      expect(holds(filter), filter).toBe(true);
    for (const filter of ['f1>0.91', 'f1!=0.91', 'optimizer>1', 'optimizer=adam', 'torch=2.1', 'seed<1'])
      expect(holds(filter), filter).toBe(false);
  });

  it('compares only what a version has', () => {
    for (const filter of ['recall>0', 'recall<=0', 'recall=1', 'recall!=1', 'constructor!=1'])
      expect(holds(filter), filter).toBe(false);
    const diverged = { ...plain, metrics: { loss: NaN } };
    expect(holds('loss=nan', diverged)).toBe(true);
    expect(holds('loss<1', diverged)).toBe(false);
    expect(holds('loss>1', { ...plain, metrics: { loss: Infinity } })).toBe(true);
  });

  it('turns a word round with - or !', () => {
    expect(holds('-tag:old !stage:retired -f1<0.9 -shorter')).toBe(true);
    expect(holds('-champion')).toBe(false);
    expect(holds('!recall>0.5')).toBe(true);
  });

  it.each([
    ['champion f1>high', '"high" in f1>high is not a number such as 0.9.'],
    ['f1>0,9', '"0,9" in f1>0,9'],
    ['f1>nan', '"nan" in f1>nan'],
    ['f1=>0.9', '=> in f1=>0.9 is none of > >= < <= = and !=.'],
    ['champion -f1>', 'After -f1> a value is missing.'],
    ['>0.9', 'Before > in >0.9 the name'],
    ['tags:champion', 'tags: is none of tag:, stage:, source: and model:.'],
    ['stage:', 'After stage: a name is missing.'],
    ['source:dvc', 'source:dvc names no source: there are recorded, git, lfs.'],
    ['churn "warm up', 'After "warm up a quote is missing that closes it.'],
    ['churn -', '- does not say what to look for.'],
    ['churn ""', '"" does not say what to look for.'],
  ])('says what is wrong with %s', (filter, sentence) => {
    expect(problem(filter)).toContain(sentence);
  });
});

describe('any filter', () => {
  const word = fc.constantFrom(
    'churn',
    'v4',
    '"warm-up, then"',
    'tag:old',
    'stage:production',
    'f1>0.9',
    'lr!=3e-4',
    'source:lfs',
    'x',
  );
  const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('"'));

  it('is understood, or told what is wrong with it', () => {
    fc.assert(
      fc.property(
        fc
          .array(fc.oneof(word, fc.string(), fc.constantFrom('"', '-', '!', ':', '>=')))
          .map((parts) => parts.join('')),
        (filter) => {
          let matches;
          try {
            matches = parseFilter(filter);
          } catch (error) {
            expect(TrailError.is(error, 'usage')).toBe(true);
            return;
          }
          expect(typeof matches(version)).toBe('boolean');
        },
      ),
    );
  });

  it('holds where all its words hold, and a word does where it does not when it is turned round', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.boolean())), (words) => {
        const written = words.map(([word, isNot]) => (isNot ? `-${word}` : word));
        expect(holds(written.join('  '))).toBe(words.every(([word, isNot]) => holds(word) !== isNot));
      }),
    );
  });

  it('finds in quotes whatever a message says', () => {
    fc.assert(
      fc.property(text, fc.string(), (text, around) => {
        expect(holds(`"${text}"`, { ...plain, message: around + text + around })).toBe(true);
      }),
    );
  });

  it('orders numbers as they are', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(number, number, (value, limit) => {
        const of = { ...plain, metrics: { m: value } };
        const told = ['>', '>=', '<', '<=', '=', '!='].map((operator) => holds(`m${operator}${limit}`, of));
        expect(told).toEqual([
          value > limit,
          value >= limit,
          value < limit,
          value <= limit,
          value === limit,
          value !== limit,
        ]);
      }),
    );
  });
});
