import { metricDirection } from '../core/metricDirection.ts';
import type { Metrics } from '../core/facts.ts';

export interface Headline {
  readonly name: string;
  readonly value: number;
  /** Where it went from the version before, be that good or bad; absent where there is nothing to compare with or it stayed. */
  readonly arrow?: '▲' | '▼';
  /** Against the version before; absent where that cannot be said. */
  readonly trend?: 'better' | 'worse' | 'same';
}

/** The one metric that stands for a version in a row: the first of which it is known that more is better, else that less is, else any. */
export function headline(metrics: Metrics, before: Metrics | undefined): Headline | undefined {
  const names = Object.keys(metrics);
  const name =
    names.find((name) => metricDirection(name) === 'higher') ??
    names.find((name) => metricDirection(name) === 'lower') ??
    names[0];
  const value = name === undefined ? undefined : metrics[name];
  if (name === undefined || value === undefined) return undefined;
  const previous = before && Object.hasOwn(before, name) ? before[name] : undefined;
  return { name, value, arrow: arrowOf(value, previous), trend: trendOf(name, value, previous) };
}

function arrowOf(value: number, previous: number | undefined): Headline['arrow'] {
  if (previous === undefined) return undefined;
  return value > previous ? '▲' : value < previous ? '▼' : undefined;
}

function trendOf(name: string, value: number, previous: number | undefined): Headline['trend'] {
  const direction = metricDirection(name);
  if (previous === undefined || Number.isNaN(previous) || Number.isNaN(value)) return undefined;
  if (value === previous) return 'same';
  if (direction === 'unknown') return undefined;
  return value > previous === (direction === 'higher') ? 'better' : 'worse';
}
