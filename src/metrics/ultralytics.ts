import { basename, dirname, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { ParamValue } from '../core/facts.ts';
import { parseMetricValue } from '../core/metricValue.ts';
import { csvRows } from './csv.ts';
import { metricsIn, parseParams } from './metricsFile.ts';
import { isInTrail, type MetricsBeside, type ModelPlace, readTextFile } from './source.ts';

type Row = ReadonlyMap<string, number>;

/** What a checkpoint says of itself. */
const measured = /^train_metrics\.(.+)$/;
/** Of the same value, rounded to five digits or decimals. */
const tolerance = 1e-4;

/** What Ultralytics wrote for the weights in `weights`: a row for each epoch in `results.csv`, and `args.yaml`. @throws TrailError */
export async function readUltralytics(place: ModelPlace): Promise<MetricsBeside | undefined> {
  const { path, model } = place;
  const run = dirname(dirname(path));
  const isWeights = path.endsWith('.pt') && basename(dirname(path)) === 'weights';
  if (!isWeights || !isInTrail(place, run)) return undefined;
  const log = await readTextFile(place, join(run, 'results.csv'));
  if (!log) return undefined;
  const { file, written } = log;
  const rows = [...csvRows(file, log.text)].map(numbersIn);
  const isNewer = written > place.trained;
  const row = rowOf(basename(path), rows, await place.inside(), isNewer);
  if (!row) {
    const problem = l10n.t(
      '{0} was not used: it does not tell which row is that of {1}. Add its metrics by hand.',
      file,
      model,
    );
    return { file, written, metrics: {}, params: {}, problem };
  }
  const settings = await readTextFile(place, join(run, 'args.yaml'));
  const params = Object.entries(settings ? parseParams(settings.file, settings.text) : {});
  // Of a hundred settings, most of which nobody set.
  const given = params.filter(([, value]) => value !== null);
  const { epoch, time: _, ...metrics } = Object.fromEntries(row);
  const said = metricsIn(file, { metrics, params: { epoch } });
  return { file, written, metrics: said.metrics, params: { ...Object.fromEntries(given), ...said.params } };
}

/**
 * The row of some weights, if it can be known: by the epoch that they say, or their name does, and by what they say was measured of them.
 * The weights of the end say no epoch any more: of `last.pt`, written after the log, it is the last row.
 */
export function rowOf(
  name: string,
  rows: readonly Row[],
  inside: ReadonlyMap<string, ParamValue>,
  isNewer: boolean,
): Row | undefined {
  const epochs = rows.map((row) => row.get('epoch') ?? NaN);
  // One that goes back is of two trainings.
  if (epochs.some((epoch, at) => !(epoch > (epochs[at - 1] ?? -Infinity)))) return undefined;
  const own = [...inside].flatMap(([key, value]) => {
    const [, column] = measured.exec(key) ?? [];
    const number = parseMetricValue(String(value));
    return column !== undefined && number !== undefined && rows[0]?.has(column) ? [{ column, number }] : [];
  });
  const alike = rows.filter((row) => own.every(({ column, number }) => isNear(row.get(column), number)));
  const said = parseMetricValue(String(inside.get('epoch'))) ?? -1;
  const named = said >= 0 ? said : parseMetricValue(/^epoch(\d+)\.pt$/.exec(name)?.[1] ?? '');
  // Inside they count from 0, and in the log, since some time, from 1.
  if (named !== undefined)
    return alike.find((row) => row.get('epoch') === named + Math.min(epochs[0] ?? 0, 1));
  if (alike.length === 1 && (own.length > 0 || (rows.length === 1 && !isNewer))) return alike[0];
  const last = rows.at(-1);
  return name === 'last.pt' && !isNewer && last && alike.includes(last) ? last : undefined;
}

function numbersIn(row: ReadonlyMap<string, string>): Row {
  const numbers = new Map<string, number>();
  for (const [name, cell] of row) {
    const value = parseMetricValue(cell);
    if (value !== undefined) numbers.set(name, value);
  }
  return numbers;
}

function isNear(a: number | undefined, b: number): boolean {
  return a !== undefined && (Object.is(a, b) || Math.abs(a - b) <= tolerance * Math.max(0.1, Math.abs(b)));
}
