import { describe, expect, it } from 'vitest';
import { applyKeepRules, type KeepRules } from '../../src/core/keepRules.ts';
import type { Version } from '../../src/core/versions.ts';

const now = new Date('2026-11-21T00:00:00.000Z');
const none: KeepRules = { last: 0, days: 0, tagged: false, staged: false, best: false };

function version(number: number, day: number, more: Partial<Version> = {}): Version {
  return {
    model: 'm.pt',
    id: String(number).repeat(64).slice(0, 64),
    size: 1,
    number,
    time: new Date(Date.UTC(2026, 10, day)).toISOString(),
    by: { name: 'Ada' },
    message: '',
    metrics: {},
    params: {},
    tags: [],
    sources: ['recorded'],
    sightings: [],
    ...more,
  };
}

const versions = [
  version(5, 20),
  version(4, 12, { metrics: { f1: 0.9, loss: 0.4 } }),
  version(3, 10, { metrics: { f1: 0.9, loss: 0.3, epoch: 99 } }),
  version(2, 5, { tags: ['champion'] }),
  version(1, 1, { stage: 'production' }),
];

function kept(rules: Partial<KeepRules>, inUse: string[] = []): [number | undefined, string[]][] {
  return applyKeepRules(versions, { ...none, ...rules }, new Set(inUse), now)
    .filter(({ reasons }) => reasons.length > 0)
    .map((decision) => [decision.version.number, decision.reasons.map(({ kind }) => kind)]);
}

describe('keeping versions', () => {
  it('keeps nothing without a rule, but what is in use', () => {
    expect(kept({})).toEqual([]);
    expect(kept({}, [version(2, 5).id])).toEqual([[2, ['inUse']]]);
  });

  it('keeps the newest, the recent, the tagged and the staged', () => {
    expect(kept({ last: 1 })).toEqual([[5, ['last']]]);
    expect(kept({ days: 10 })).toEqual([
      [5, ['recent']],
      [4, ['recent']],
    ]);
    expect(kept({ tagged: true, staged: true })).toEqual([
      [2, ['tagged']],
      [1, ['staged']],
    ]);
  });

  it('keeps the best by each metric whose better way is known; of equals the newest', () => {
    expect(kept({ best: true })).toEqual([
      [4, ['best']],
      [3, ['best']],
    ]);
    const decisions = applyKeepRules(versions, { ...none, best: true }, new Set(), now);
    expect(decisions.flatMap(({ reasons }) => reasons)).toEqual([
      { kind: 'best', metric: 'f1' },
      { kind: 'best', metric: 'loss' },
    ]);
  });

  it('keeps the best of cross-validation by errors that scikit-learn negates', () => {
    const errors = { 1: -0.1, 2: -0.9, 3: -0.5 };
    const validated = Object.entries(errors).map(([number, error]) =>
      version(Number(number), 1, { metrics: { test_neg_mean_squared_error: error } }),
    );
    const decisions = applyKeepRules(validated, { ...none, best: true }, new Set(), now);
    const stays = decisions.filter(({ reasons }) => reasons.length > 0);
    expect(stays.map((decision) => decision.version.number)).toEqual([1]);
  });

  it('decides nothing about versions that only Git knows, or whose bytes are gone', () => {
    const others = [version(6, 1, { number: undefined }), version(7, 1, { forgotten: true })];
    expect(applyKeepRules(others, { ...none, last: 9 }, new Set(), now)).toEqual([]);
  });
});
