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

const ofEvaluation = /(?<![a-z])(?:val|valid|validation|eval|evaluation|test|dev|holdout)(?![a-z])/i;
const ofTraining = /(?<![a-z])train(?:ing)?(?![a-z])/i;

/** The one metric that stands for a version in a row. */
export function headline(metrics: Metrics, before: Metrics | undefined): Headline | undefined {
  const name = headlineName(Object.keys(metrics));
  const value = name === undefined ? undefined : metrics[name];
  if (name === undefined || value === undefined) return undefined;
  const previous = before && Object.hasOwn(before, name) ? before[name] : undefined;
  return { name, value, arrow: arrowOf(value, previous), trend: trendOf(name, value, previous) };
}

/**
 * The first of which it is known that more is better, else that less is, else any. What was measured on other data than that of the
 * training tells how good a version is: Keras has `accuracy` before `val_accuracy`, and Lightning `train_loss` before `val_loss`.
 */
function headlineName(names: readonly string[]): string | undefined {
  const others = names.filter((name) => !ofTraining.test(name));
  const evaluated = others.filter((name) => ofEvaluation.test(name));
  for (const some of [[...evaluated, ...others], names]) {
    for (const direction of ['higher', 'lower']) {
      const found = some.find((name) => metricDirection(name) === direction);
      if (found !== undefined) return found;
    }
  }
  return names[0];
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
