import { type MetricRow, metricRow, type MetricValues } from '../../core/compare.ts';
import { sameKey } from '../../core/versionKey.ts';
import { matcherOf } from '../tables.ts';
import { type CompareSnapshot, receiveNumber, type VersionColumn, type VersionKey } from './messages.ts';
import { shortNames } from './shortNames.ts';

export interface ParamValues {
  readonly name: string;
  readonly differs: boolean;
  readonly values: readonly (string | null)[];
}

/** All that charts and table show: the snapshot, seen from a baseline. */
export interface CompareView {
  readonly models: CompareSnapshot['models'];
  readonly columns: readonly VersionColumn[];
  /** Of the columns, as short as tells them apart. */
  readonly shortNames: readonly string[];
  /** Index into `columns`; 0 where there are none. */
  readonly baseline: number;
  readonly metrics: readonly MetricRow[];
  readonly params: readonly ParamValues[];
  /** How many versions the model has; absent where there are several models. */
  readonly total?: number;
}

export function metricsOf(snapshot: CompareSnapshot): MetricValues[] {
  return snapshot.metrics.map(({ name, direction, values }) => ({
    name,
    direction,
    values: values.map(receiveNumber),
  }));
}

/** @param baseline the oldest version when it is not among them */
export function viewOf(
  snapshot: CompareSnapshot,
  metrics: readonly MetricValues[],
  baseline: VersionKey | undefined,
): CompareView {
  const column = columnOf(snapshot.versions, baseline) ?? 0;
  return {
    models: snapshot.models,
    columns: snapshot.versions,
    shortNames: shortNames(snapshot),
    baseline: column,
    metrics: metrics.map((metric) => metricRow(metric, column)),
    params: snapshot.params,
    total: snapshot.total,
  };
}

export function columnOf(
  columns: CompareView['columns'],
  version: VersionKey | undefined,
): number | undefined {
  const index = columns.findIndex(({ key }) => sameKey(key, version));
  return index === -1 ? undefined : index;
}

export function versionAt(
  columns: CompareView['columns'],
  column: number | undefined,
): VersionKey | undefined {
  return column === undefined ? undefined : columns[column]?.key;
}

/** A version's name, with its model in front where there are several. */
export function fullName(view: Pick<CompareView, 'models'>, column: VersionColumn): string {
  return view.models.length > 1 ? `${view.models[column.model]?.label} ${column.name}` : column.name;
}

/** Whether there is more than one point to draw. */
export function hasLine(row: MetricRow): boolean {
  return row.values.filter((value) => Number.isFinite(value)).length > 1;
}

/** Only the metrics and params with all words of a filter in their name. */
export function filtered(view: CompareView, filter: string): CompareView {
  const matches = matcherOf(filter);
  if (!matches) return view;
  const fits = (row: { readonly name: string }): boolean => matches(row.name);
  return { ...view, metrics: view.metrics.filter(fits), params: view.params.filter(fits) };
}
