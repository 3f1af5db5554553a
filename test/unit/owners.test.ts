import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Fact } from '../../src/core/facts.ts';
import { fold } from '../../src/core/fold.ts';
import { byOwner, type Departures } from '../../src/trail/catalogue/owners.ts';

const path = fc.constantFrom('a.pt', 'b.pt', 'c.pt');
const time = (second: number): string => new Date(second * 1000).toISOString();

/** Records and renames, in any places, of which some were undone; a path may also be said to have moved to itself. */
const facts: fc.Arbitrary<Fact[]> = fc
  .array(fc.record({ model: path, to: fc.option(path), undo: fc.option(fc.nat(), { freq: 5 }) }), {
    maxLength: 20,
  })
  .map((entries) =>
    entries.map(({ model, to, undo }, index): Fact => {
      const idAt = (at: number): string => `id${String(at).padStart(2, '0')}`;
      const base = { id: idAt(index), by: { name: 'Ada' }, time: time(index), model };
      if (undo !== null && index > 0) return { ...base, kind: 'undone', undoes: idAt(undo % index) };
      return to === null
        ? { ...base, kind: 'recorded', version: String(index), number: index + 1, size: 1 }
        : { ...base, kind: 'renamed', to };
    }),
  );

const git: fc.Arbitrary<Departures> = fc
  .array(fc.record({ from: path, to: path, second: fc.integer({ min: 0, max: 20 }) }), { maxLength: 4 })
  .map((list) => {
    const all = list.map((one, order) => ({ ...one, commit: `c${order}`, order, time: time(one.second) }));
    return {
      departures: (at) => all.filter(({ from }) => from === at),
      orderOf: (commit) => all.find((one) => one.commit === commit)?.order,
    };
  });

it('every fact is about one model, whatever was renamed, in whatever order they are read', () => {
  const arrivals = facts.chain((said) =>
    fc.tuple(fc.constant(said), fc.shuffledSubarray(said, { minLength: said.length })),
  );
  fc.assert(
    fc.property(arrivals, git, ([said, arrived], departures) => {
      const owned = [said, arrived].map((list) => {
        const { factsOf, renames } = fold(list);
        return byOwner(factsOf, { ...departures, said: (model) => renames.get(model) ?? [] });
      });
      expect(new Map([...(owned[1] ?? [])].sort())).toEqual(new Map([...(owned[0] ?? [])].sort()));
      const { undone } = fold(said);
      const counting = said.filter(({ id, kind }) => kind !== 'undone' && !undone.has(id));
      const ids = [...(owned[0]?.values() ?? [])].flat().map(({ id }) => id);
      expect(ids.toSorted()).toEqual(counting.map(({ id }) => id));
    }),
    { numRuns: 500 },
  );
});

it('a chain of renames is followed in the order in which they were said, and only from what was there', () => {
  const base = { by: { name: 'Ada' }, time: time(0) };
  const renamed = (id: string, model: string, to: string): Fact => ({
    ...base,
    id,
    kind: 'renamed',
    model,
    to,
  });
  const recorded = (id: string, model: string): Fact => ({
    ...base,
    id,
    kind: 'recorded',
    model,
    version: id,
    number: 1,
    size: 1,
  });
  const { factsOf, renames } = fold([
    recorded('1', 'a.pt'),
    recorded('2', 'b.pt'),
    renamed('3', 'b.pt', 'c.pt'),
    renamed('4', 'a.pt', 'b.pt'),
    recorded('5', 'a.pt'),
    renamed('6', 'b.pt', 'd.pt'),
  ]);
  const owned = byOwner(factsOf, {
    departures: () => [],
    orderOf: () => undefined,
    said: (model) => renames.get(model) ?? [],
  });
  const recordedOf = (model: string) =>
    owned.get(model)?.flatMap(({ id, kind }) => (kind === 'recorded' ? id : []));
  expect(['a.pt', 'b.pt', 'c.pt', 'd.pt'].map(recordedOf)).toEqual([['5'], undefined, ['2'], ['1']]);
});
