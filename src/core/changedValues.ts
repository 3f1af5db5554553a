import { compareVersions, type Delta } from './compare.ts';
import type { ParamValue } from './facts.ts';
import type { Version } from './versions.ts';

/** The metrics and params in which one version differs from another. */
export interface ChangedValues {
  readonly metrics: readonly ChangedMetric[];
  readonly params: readonly ChangedParam[];
}

export interface ChangedMetric {
  readonly name: string;
  readonly a: number | undefined;
  readonly b: number | undefined;
  /** Absent where either has no comparable value. */
  readonly delta: Delta | undefined;
  /** How far the two are apart, so that they are not shown alike. */
  readonly apart: number;
}

export interface ChangedParam {
  readonly name: string;
  readonly a: ParamValue | undefined;
  readonly b: ParamValue | undefined;
}

/** Nothing for a file that is no version: what it scores is not known before it is recorded, so that is no change. */
export function changedValues(a: Version | undefined, b: Version | undefined): ChangedValues {
  if (!a || !b || (a.model === b.model && a.id === b.id)) return { metrics: [], params: [] };
  const { metrics, params } = compareVersions([a, b]);
  return {
    metrics: metrics
      .map(({ name, values, deltas, apart }) => ({
        name,
        a: values[0],
        b: values[1],
        delta: deltas[1],
        apart,
      }))
      .filter(({ delta }) => delta?.verdict !== 'same'),
    params: params
      .filter(({ differs }) => differs)
      .map(({ name, values }) => ({ name, a: values[0], b: values[1] })),
  };
}
