import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContentId, Fact, Metrics } from '../../src/core/facts.ts';
import { fold } from '../../src/core/fold.ts';

const by = { name: 'Ada' };
type Draft<F = Fact> = F extends Fact ? Omit<F, 'id' | 'time' | 'by' | 'model'> & { model?: string } : never;

/** Facts a second apart, in the order in which they are written here. */
function history(...drafts: Draft[]): Fact[] {
  const facts: Fact[] = [];
  for (const [index, draft] of drafts.entries()) {
    const id = `id${String.fromCodePoint(48 + index)}`;
    facts.push({ id, time: new Date(index * 1000).toISOString(), by, model: 'm.pt', ...draft });
  }
  return facts;
}
const recorded = (
  version: ContentId,
  number: number,
  more?: { message: string; metrics: Metrics },
): Draft => ({
  kind: 'recorded',
  version,
  number,
  size: 1,
  ...more,
});

function modelOf(...drafts: Draft[]) {
  const model = fold(history(...drafts)).models.get('m.pt');
  if (!model) throw new Error('nothing is known of the model');
  return model;
}

describe('the state that facts add up to', () => {
  it('keeps number, origin and size of the first time that a content was recorded', () => {
    const model = modelOf(
      recorded('a', 1, { message: 'first', metrics: { f1: 1, loss: 2 } }),
      recorded('b', 2),
      recorded('a', 3, { message: 'again', metrics: { f1: 3 } }),
    );
    expect(model.versions.get('a')).toMatchObject({
      recorded: { number: 1, time: '1970-01-01T00:00:00.000Z' },
      message: 'again',
      metrics: { f1: 3, loss: 2 },
    });
    expect([model.head, [...model.numbers]]).toEqual(['a', [1, 2, 3]]);
  });

  it('says of a graph nothing that was said of it with other weights, as on another branch', () => {
    const mine = { ...recorded('a', 1, { message: 'mine', metrics: { f1: 1 } }), externalData: { w: 'x' } };
    const theirs = {
      ...recorded('a', 1, { message: 'theirs', metrics: { f1: 3 } }),
      externalData: { w: 'y' },
    };
    const model = modelOf(mine, theirs, recorded('a', 1, { message: 'mine again', metrics: { acc: 1 } }));
    expect(model.versions.get('a')).toMatchObject({
      recorded: { externalData: { w: 'x' } },
      message: 'mine again',
      metrics: { f1: 1, acc: 1 },
    });
  });

  it('has the weights of a graph that were missing when it was first recorded, and no others later', () => {
    const withData = (externalData?: Record<string, string>) => ({ ...recorded('a', 1), externalData });
    const model = modelOf(
      withData(),
      withData({ w: 'x' }),
      withData({ w: 'x', v: 'y' }),
      withData({ w: 'z', u: 'z' }),
    );
    expect(model.versions.get('a')?.recorded?.externalData).toEqual({ w: 'x', v: 'y' });
  });

  it('has one place for a tag, and one version in production', () => {
    const model = modelOf(
      { kind: 'tagged', version: 'a', tag: 'champion' },
      { kind: 'staged', version: 'a', stage: 'production' },
      { kind: 'tagged', version: 'b', tag: 'champion' },
      { kind: 'staged', version: 'b', stage: 'production' },
    );
    expect([...model.tags]).toEqual([['champion', 'b']]);
    expect([...model.versions.values()].map(({ stage }) => stage)).toEqual(['retired', 'production']);
  });

  it('takes a tag off, and a version out of its stage, unless something else was said of them meanwhile', () => {
    const said = [
      { kind: 'tagged', version: 'a', tag: 'champion' },
      { kind: 'staged', version: 'a', stage: 'staging' },
    ] as const;
    const takenOff = [
      { kind: 'untagged', version: 'a', tag: 'champion' },
      { kind: 'unstaged', version: 'a', stage: 'staging' },
    ] as const;
    const none = modelOf(...said, ...takenOff);
    expect([[...none.tags], none.versions.get('a')?.stage]).toEqual([[], undefined]);
    const other = modelOf(
      ...said,
      { kind: 'tagged', version: 'b', tag: 'champion' },
      { kind: 'staged', version: 'a', stage: 'production' },
      ...takenOff,
    );
    expect([[...other.tags], other.versions.get('a')?.stage]).toEqual([[['champion', 'b']], 'production']);
  });

  it('gives production back to the version before when the promotion is undone', () => {
    const model = modelOf(
      { kind: 'staged', version: 'a', stage: 'production' },
      { kind: 'staged', version: 'b', stage: 'production' },
      { kind: 'undone', undoes: 'id1' },
    );
    expect(model.versions.get('a')?.stage).toBe('production');
    expect(model.versions.has('b')).toBe(false);
  });

  it('gives up the records that were known to whoever did, and all before where that is not said', () => {
    const two = [recorded('a', 1), recorded('a', 1)];
    const forgottenAfter = (...drafts: Draft[]): boolean | undefined =>
      modelOf(...two, ...drafts).versions.get('a')?.forgotten;
    const forgotten = (...records: string[]): Draft => ({ kind: 'forgotten', version: 'a', records });
    expect(forgottenAfter(forgotten('id0'))).toBeUndefined();
    expect(forgottenAfter(forgotten('id0'), forgotten('id1'))).toBe(true);
    expect(forgottenAfter(forgotten('id0', 'id1'))).toBe(true);
    expect(forgottenAfter({ kind: 'forgotten', version: 'a' })).toBe(true);
    expect(forgottenAfter(forgotten('id0', 'id1'), recorded('a', 1))).toBeUndefined();
  });

  it('follows rollbacks, and undone ones back', () => {
    const rolledBack = [
      recorded('a', 1),
      recorded('b', 2),
      { kind: 'rolledBack', from: 'b', version: 'a' },
    ] as const;
    expect(modelOf(...rolledBack).head).toBe('a');
    expect(modelOf(...rolledBack, { kind: 'undone', undoes: 'id2' }).head).toBe('b');
  });
});

const model = fc.constantFrom('m.pt', 'sub/other.onnx');
const version = fc.constantFrom('a', 'b', 'c');
const values = fc.dictionary(fc.constantFrom('f1', 'loss'), fc.integer());
const draft: fc.Arbitrary<Draft> = fc.oneof(
  fc.record({
    kind: fc.constant('recorded' as const),
    model,
    version,
    number: fc.integer({ min: 1, max: 5 }),
    size: fc.nat(),
    metrics: values,
    message: fc.string(),
  }),
  fc.record({
    kind: fc.constant('tagged' as const),
    model,
    version,
    tag: fc.constantFrom('v1.0', 'champion'),
  }),
  fc.record({
    kind: fc.constant('staged' as const),
    model,
    version,
    stage: fc.constantFrom('staging', 'production'),
  }),
  fc.record({ kind: fc.constant('untagged' as const), model, version, tag: fc.constant('champion') }),
  fc.record({ kind: fc.constant('unstaged' as const), model, version, stage: fc.constant('production') }),
  fc.record({ kind: fc.constant('noted' as const), model, version, note: fc.string() }),
  fc.record({ kind: fc.constant('measured' as const), model, version, metrics: values, params: values }),
  fc.record({
    kind: fc.constant('forgotten' as const),
    model,
    version,
    records: fc.option(fc.array(fc.constantFrom('id00', 'id01', 'id02', 'id03')), { nil: undefined }),
  }),
  fc.record({ kind: fc.constant('rolledBack' as const), model, version, from: fc.option(version) }),
  fc.record({ kind: fc.constant('renamed' as const), model, to: model, version }),
);
/** Some with the same time, and some that are undone once or more. */
const facts: fc.Arbitrary<Fact[]> = fc
  .array(fc.record({ draft, second: fc.nat(5), undo: fc.option(fc.nat(), { freq: 3 }) }), { maxLength: 30 })
  .map((entries) =>
    entries.map(({ draft, second, undo }, index): Fact => {
      const base = {
        id: `id${String(index).padStart(2, '0')}`,
        by,
        time: new Date(second * 1000).toISOString(),
      };
      if (undo === null || index === 0) return { model: 'm.pt', ...draft, ...base };
      return { ...base, kind: 'undone', model: 'm.pt', undoes: `id${String(undo % index).padStart(2, '0')}` };
    }),
  );
const later = (facts: readonly Fact[], undoes: string): Fact[] => [
  ...facts,
  {
    id: `z${facts.length + 10}`,
    time: new Date(1e6 + facts.length).toISOString(),
    by,
    model: 'm.pt',
    kind: 'undone',
    undoes,
  },
];
describe('facts from many places', () => {
  it('add up to the same in any order of arrival, however often they arrive', () => {
    const shuffled = facts.chain((facts) => {
      const arrivals = fc.shuffledSubarray([...facts, ...facts], {
        minLength: facts.length * 2,
        maxLength: facts.length * 2,
      });
      return fc.tuple(fc.constant(facts), arrivals);
    });
    fc.assert(
      fc.property(shuffled, ([facts, arrivals]) => {
        expect(fold(arrivals)).toEqual(fold(facts));
      }),
    );
  });

  it('count as if one had not been written when it is undone, and as before when the undo is', () => {
    const withOne = facts
      .filter((facts) => facts.length > 0)
      .chain((facts) => fc.tuple(fc.constant(facts), fc.constantFrom(...facts)));
    fc.assert(
      fc.property(withOne, ([facts, { id }]) => {
        const before = fold(facts);
        const undone = later(facts, id);
        expect(fold(undone).models).toEqual(fold(facts.filter((fact) => fact.id !== id)).models);
        const undo = undone.at(-1)?.id ?? '';
        expect(fold(later(undone, undo)).models).toEqual(before.models);
        expect(fold(later(later(undone, undo), `z${undone.length + 10}`)).models).toEqual(
          fold(undone).models,
        );
      }),
    );
  });

  it('never put two versions of a model into production', () => {
    fc.assert(
      fc.property(facts, (facts) => {
        for (const { versions } of fold(facts).models.values()) {
          const promoted = [...versions.values()].filter(({ stage }) => stage === 'production');
          expect(promoted.length).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('do not mind an undo of what is not here, or undos in a circle', () => {
    const state = fold(
      history(
        recorded('a', 1),
        { kind: 'undone', undoes: 'elsewhere' },
        { kind: 'undone', undoes: 'id3' },
        { kind: 'undone', undoes: 'id2' },
      ),
    );
    expect(state.models.get('m.pt')?.head).toBe('a');
  });
});
