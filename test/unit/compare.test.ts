import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareVersions } from '../../src/core/compare.ts';
import { formatDelta, formatMetric, formatPercent } from '../../src/core/formatNumber.ts';
import type { Version } from '../../src/core/versions.ts';

function version(number: number, over: Partial<Version> = {}): Version {
  return {
    model: 'models/churn.onnx',
    id: number.toString(16).padStart(64, '0'),
    size: 1,
    number,
    time: `2026-01-${String(number).padStart(2, '0')}T00:00:00.000Z`,
    by: { name: 'Ada' },
    message: '',
    metrics: {},
    params: {},
    tags: [],
    sources: ['recorded'],
    sightings: [],
    ...over,
  };
}

describe('compareVersions', () => {
  test('compares each with the oldest, unless told otherwise', () => {
    const versions = [
      version(1, { metrics: { f1: 0.9 } }),
      version(2, { metrics: { f1: 0.913 } }),
      version(3, { metrics: { f1: 0.88 } }),
    ];
    const table = compareVersions(versions);
    expect(table.baseline).toBe(0);
    expect(table.metrics[0]).toMatchObject({ name: 'f1', direction: 'higher', best: 1 });
    expect(table.metrics[0]?.deltas[0]).toBeUndefined();
    expect(table.metrics[0]?.deltas[1]).toMatchObject({ absolute: 0.013, verdict: 'better' });
    expect(table.metrics[0]?.deltas[1]?.relative).toBeCloseTo(0.013 / 0.9, 12);
    expect(table.metrics[0]?.deltas[2]?.verdict).toBe('worse');

    const [, , newest] = compareVersions(versions, version(2)).metrics[0]?.deltas ?? [];
    expect(newest).toMatchObject({ absolute: -0.033, verdict: 'worse' });
  });

  test('compares with the version of the model that is meant, where another has the same content', () => {
    const older = version(1, { model: 'b.onnx' });
    const newer = version(2, { model: 'a.onnx', id: older.id });
    expect(compareVersions([older, newer], newer).baseline).toBe(1);
    expect(compareVersions([older, newer], older).baseline).toBe(0);
  });

  test('less is better for a loss, and nothing is better for a metric of unknown direction', () => {
    const { metrics } = compareVersions([
      version(1, { metrics: { val_loss: 0.5, epoch: 1 } }),
      version(2, { metrics: { val_loss: 0.4, epoch: 9 } }),
    ]);
    const [epoch, loss] = metrics;
    expect(loss).toMatchObject({ best: 1, deltas: [undefined, { verdict: 'better' }] });
    expect(epoch).toMatchObject({ best: undefined, deltas: [undefined, { verdict: 'unknown' }] });
  });

  test('a run that diverged is never the best, and NaN compares with nothing', () => {
    const { metrics } = compareVersions([
      version(1, { metrics: { score: 1, loss: 2 } }),
      version(2, { metrics: { score: Infinity, loss: NaN } }),
      version(3, { metrics: { score: 2, loss: 3 } }),
    ]);
    const [loss, score] = metrics;
    expect(score).toMatchObject({ best: 2 });
    expect(score?.deltas[1]).toEqual({ absolute: Infinity, relative: undefined, verdict: 'better' });
    expect(loss).toMatchObject({ best: 0 });
    expect(loss?.deltas[1]).toBeUndefined();
  });

  test('marks no best where there is nothing to be better than', () => {
    const one = compareVersions([version(1, { metrics: { f1: 1 } }), version(2)]);
    const equal = compareVersions([version(1, { metrics: { f1: 1 } }), version(2, { metrics: { f1: 1 } })]);
    expect(one.metrics[0]?.best).toBeUndefined();
    expect(equal.metrics[0]?.best).toBeUndefined();
    expect(equal.metrics[0]?.deltas[1]).toEqual({ absolute: 0, relative: 0, verdict: 'same' });
  });

  test('what is left of binary fractions is no difference', () => {
    const { metrics } = compareVersions([0.3, 0.1 + 0.2].map((f1, i) => version(i + 1, { metrics: { f1 } })));
    expect(metrics[0]?.deltas[1]).toEqual({ absolute: 0, relative: 0, verdict: 'same' });
  });

  test('has no ratio to a baseline of zero', () => {
    const { metrics } = compareVersions([
      version(1, { metrics: { f1: 0 } }),
      version(2, { metrics: { f1: 0.5 } }),
    ]);
    expect(metrics[0]?.deltas[1]).toEqual({ absolute: 0.5, relative: undefined, verdict: 'better' });
  });

  test('says of each param whether the versions differ, lacking it being a difference', () => {
    const { params } = compareVersions([
      version(1, { params: { lr: 0.1, seed: 1, layer2: 'a', layer10: 'a', none: null } }),
      version(2, { params: { lr: 0.2, seed: 1, layer2: 'a', layer10: 'a' } }),
    ]);
    expect(params.map(({ name, differs }) => [name, differs])).toEqual([
      ['layer2', false],
      ['layer10', false],
      ['lr', true],
      ['none', true],
      ['seed', false],
    ]);
  });

  test('a metric may have the name of a property of every object', () => {
    const metrics = JSON.parse('{ "constructor": 1, "__proto__": 2 }') as Record<string, number>;
    const table = compareVersions([version(1), version(2, { metrics })]);
    expect(table.metrics.map((row) => [row.name, row.values])).toEqual([
      ['__proto__', [undefined, 2]],
      ['constructor', [undefined, 1]],
    ]);
  });

  test('of no versions makes an empty table', () => {
    expect(compareVersions([])).toEqual({ versions: [], baseline: undefined, metrics: [], params: [] });
  });

  const metrics = fc.dictionary(fc.constantFrom('f1', 'loss', 'epoch', 'auc'), fc.double(), { maxKeys: 4 });
  const anyVersions = fc
    .array(metrics, { maxLength: 8 })
    .map((all) => all.map((metrics, i) => version(i + 1, { metrics })));

  test('the best is at least as good as every other finite value, and its delta never worse', () => {
    fc.assert(
      fc.property(anyVersions, (all) => {
        for (const { best, direction, values, deltas } of compareVersions(all).metrics) {
          if (best === undefined) continue;
          // Infinity in the baseline is still more, though it is not called the best.
          if (Number.isFinite(values[0])) expect(deltas[best]?.verdict).not.toBe('worse');
          for (const value of values) {
            if (value === undefined || !Number.isFinite(value)) continue;
            const [less, more] = direction === 'higher' ? [value, values[best]] : [values[best], value];
            expect(less).toBeLessThanOrEqual(more ?? NaN);
          }
        }
      }),
    );
  });

  test('what differs looks different, unless only after the eighth digit', () => {
    const close = fc.tuple(fc.double({ min: -1e4, max: 1e4, noNaN: true }), fc.integer({ min: -6, max: 3 }));
    const values = close.chain(([value, exponent]) =>
      fc.array(
        fc.integer({ min: 0, max: 99 }).map((step) => value + step * 10 ** exponent),
        { minLength: 2, maxLength: 6 },
      ),
    );
    fc.assert(
      fc.property(values, (values) => {
        const [row] = compareVersions(values.map((f1, i) => version(i + 1, { metrics: { f1 } }))).metrics;
        const least = Math.max(...values.map(Math.abs)) * 1e-7;
        for (const a of values) {
          for (const b of values) {
            if (Math.abs(a - b) <= least) continue;
            expect(formatMetric(a, row?.apart)).not.toBe(formatMetric(b, row?.apart));
          }
        }
      }),
    );
  });

  test('values get no more digits than it takes to tell them apart', () => {
    const shown = (...values: readonly number[]) => {
      const [row] = compareVersions(values.map((f1, i) => version(i + 1, { metrics: { f1 } }))).metrics;
      return values.map((value) => formatMetric(value, row?.apart));
    };
    expect(shown(0.98122, 0.98123, 0.9)).toEqual(['0.98122', '0.98123', '0.9']);
    expect(shown(12345.6, 12346.1)).toEqual(['12,345.6', '12,346.1']);
    expect(shown(0.87654321, 0.5)).toEqual(['0.8765', '0.5']);
    expect(shown(0.1 + 0.2, 0.3)).toEqual(['0.3', '0.3']);
    expect(shown(-1e308, 1e308)).toEqual(['-1e308', '1e308']);
  });

  test('exchanging the baseline turns improvement round', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), (a, b) => {
        const pair = [version(1, { metrics: { f1: a } }), version(2, { metrics: { f1: b } })];
        const there = compareVersions(pair, version(1)).metrics[0]?.deltas[1];
        const back = compareVersions(pair, version(2)).metrics[0]?.deltas[0];
        const opposite = { better: 'worse', worse: 'better', same: 'same', unknown: 'unknown' } as const;
        expect(back?.verdict).toBe(there && opposite[there.verdict]);
        expect((back?.absolute ?? 0) + (there?.absolute ?? 0)).toBeOneOf([0, NaN]);
      }),
    );
  });
});

describe('formatMetric', () => {
  test.each([
    [0, '0'],
    [-0, '0'],
    [1, '1'],
    [0.9, '0.9'],
    [0.1 + 0.2, '0.3'],
    [0.91348, '0.9135'],
    [-0.91348, '-0.9135'],
    [0.99996, '0.99996'],
    [0.9999999, '0.9999999'],
    [1.00004, '1.000'],
    [0.90001, '0.9000'],
    [99.996, '99.996'],
    [12.3456, '12.35'],
    [1234, '1,234'],
    [1234.5678, '1,235'],
    [12345.67, '12,346'],
    [7241732096, '7,241,732,096'],
    [3e-5, '3e-5'],
    [0.0001, '0.0001'],
    [1.23456e-7, '1.235e-7'],
    [9.99996e-6, '9.99996e-6'],
    [6.02214e23, '6.022e23'],
    [NaN, 'NaN'],
    [Infinity, '∞'],
    [-Infinity, '-∞'],
  ])('%d is %s', (value, text) => {
    expect(formatMetric(value)).toBe(text);
  });

  const finite = fc.double({ min: -1e300, max: 1e300, noNaN: true });
  const read = (text: string): number => Number(text.replaceAll(',', ''));

  test('is within half of the fourth digit of the value, with its sign', () => {
    fc.assert(
      fc.property(finite, (value) => {
        const shown = read(formatMetric(value));
        expect(Math.abs(shown - value)).toBeLessThanOrEqual(Math.abs(value) * 0.000501);
        if (value !== 0) expect(Math.sign(shown)).toBe(Math.sign(value));
      }),
    );
  });

  test('never reaches a power of ten that the value does not', () => {
    fc.assert(
      fc.property(fc.integer({ min: -8, max: 14 }), fc.double({ min: 1e-15, max: 1e-3 }), (exponent, gap) => {
        const power = 10 ** exponent;
        const value = power * (1 - gap);
        if (value < power) expect(read(formatMetric(value))).toBeLessThan(power);
      }),
    );
  });
});

test('formatDelta and formatPercent always tell the sign', () => {
  expect([0.013, -0.013, 0, 1234.5, -2e-7].map(formatDelta)).toEqual([
    '+0.013',
    '-0.013',
    '±0',
    '+1,235',
    '-2e-7',
  ]);
  expect([0.125, -0.01444, 0, 12.5].map(formatPercent)).toEqual(['+12.5%', '-1.44%', '±0%', '+1,250%']);
});
