import type { Params, ParamValue } from './facts.ts';
import { bestIndex, type Direction, metricDirection } from './metricDirection.ts';
import { compareNaturally } from './naturalOrder.ts';
import type { Version } from './versions.ts';

/** Versions side by side: one column each, oldest first; one row per metric and per param that any of them has. */
export interface CompareTable {
  readonly versions: readonly Version[];
  /** The column that deltas are against; absent only when there are no versions. */
  readonly baseline?: number;
  readonly metrics: readonly MetricRow[];
  readonly params: readonly ParamRow[];
}

export interface MetricValues {
  readonly name: string;
  readonly direction: Direction;
  /** One per column; undefined where the version lacks the metric. */
  readonly values: readonly (number | undefined)[];
}

export interface MetricRow extends MetricValues {
  /** One per column; undefined for the baseline itself and where either side has no comparable value. */
  readonly deltas: readonly (Delta | undefined)[];
  /** The best column; absent when no way is better, or when there is nothing to be better than. */
  readonly best?: number;
  /** The least that values differ by; 0 where none do. So many digits are shown that they do not look alike. */
  readonly apart: number;
}

export type DeltaVerdict = 'better' | 'worse' | 'same' | 'unknown';

export interface Delta {
  readonly absolute: number;
  /** Of the baseline's size: 0.1 is ten percent more. Absent where the baseline is zero or a side is infinite. */
  readonly relative?: number;
  readonly verdict: DeltaVerdict;
}

export interface ParamRow {
  readonly name: string;
  /** One per column; undefined where the version lacks the param. */
  readonly values: readonly (ParamValue | undefined)[];
  /** Whether the versions disagree; lacking the param is disagreeing too. */
  readonly differs: boolean;
}

/**
 * @param versions oldest first
 * @param baseline the oldest version when left out or not among `versions`, where two models may have the same content
 */
export function compareVersions(
  versions: readonly Version[],
  baseline?: Pick<Version, 'model' | 'id'>,
): CompareTable {
  const found = versions.findIndex(({ model, id }) => model === baseline?.model && id === baseline.id);
  const base = versions.length === 0 ? undefined : Math.max(0, found);
  return {
    versions,
    baseline: base,
    metrics: namesOf(versions.map((version) => version.metrics)).map((name) =>
      metricRow(
        {
          name,
          direction: metricDirection(name),
          values: versions.map((version) => own(version.metrics, name)),
        },
        base,
      ),
    ),
    params: namesOf(versions.map((version) => version.params)).map((name) =>
      paramRow(
        name,
        versions.map((version) => own<ParamValue>(version.params, name)),
      ),
    ),
  };
}

export function metricRow(metric: MetricValues, baseline: number | undefined): MetricRow {
  const { values, direction } = metric;
  const base = baseline === undefined ? undefined : values[baseline];
  return {
    ...metric,
    deltas: values.map((value, column) =>
      column === baseline ? undefined : deltaOf(value, base, direction),
    ),
    best: bestOf(values, direction),
    apart: apartBy(values),
  };
}

function paramRow(name: string, values: readonly (ParamValue | undefined)[]): ParamRow {
  return { name, values, differs: values.some((value) => value !== values[0]) };
}

/** What infinity or NaN stands for is a run that failed, so neither is ever the best. */
function bestOf(values: readonly (number | undefined)[], direction: Direction): number | undefined {
  const finite = values.map((value) => (Number.isFinite(value) ? value : undefined));
  const distinct = new Set(finite);
  distinct.delete(undefined);
  return distinct.size > 1 ? bestIndex(finite, direction) : undefined;
}

/** More digits would tell of noise. */
const mostDigits = 8;

function apartBy(values: readonly (number | undefined)[]): number {
  const finite = values.filter((value) => value !== undefined && Number.isFinite(value)) as number[];
  const distinct = [...new Set(finite)].sort((a, b) => a - b);
  const steps = distinct.slice(1).map((value, i) => value - (distinct[i] ?? value));
  if (steps.length === 0) return 0;
  const largest = Math.max(...finite.map(Math.abs));
  const least = withoutNoise(Math.min(...steps), largest);
  return Math.max(least, largest * 10 ** (1 - mostDigits));
}

function deltaOf(
  value: number | undefined,
  base: number | undefined,
  direction: Direction,
): Delta | undefined {
  if (value === undefined || base === undefined || Number.isNaN(value) || Number.isNaN(base))
    return undefined;
  const scale = Math.max(Math.abs(value), Math.abs(base));
  const absolute = value === base ? 0 : withoutNoise(value - base, scale);
  if (absolute === 0) return { absolute: 0, relative: 0, verdict: 'same' };
  const relative = absolute / Math.abs(base);
  const verdict =
    direction === 'unknown' ? 'unknown' : value > base === (direction === 'higher') ? 'better' : 'worse';
  return { absolute, relative: Number.isFinite(relative) && base !== 0 ? relative : undefined, verdict };
}

/** Drops what is left of binary fractions, so that 0.913 - 0.9 is 0.013; numbers of size `scale` hold 15 decimal digits. */
function withoutNoise(difference: number, scale: number): number {
  if (!Number.isFinite(difference)) return difference;
  const places = 14 - Math.floor(Math.log10(scale));
  return places < 0 || places > 100 ? difference : Number(difference.toFixed(places));
}

function namesOf(records: readonly (Params | Readonly<Record<string, number>>)[]): string[] {
  const names = new Set(records.flatMap((record) => Object.keys(record)));
  return [...names].sort(compareNaturally);
}

/** A metric may be called `constructor`. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
