import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import type { Metrics, Params, ParamValue } from '../core/facts.ts';
import { isRecord, parseMetricsText } from './metricsText.ts';
import { historiesIn, historyObjectsIn } from './histories.ts';

export interface MetricsAndParams {
  readonly metrics: Metrics;
  readonly params: Params;
  /** Names of which the file gives more than one value, such as `a.b` and `b` in `a`, or `a` twice: the last one counts. */
  readonly ambiguous?: readonly string[];
}

const maxBytes = 2 ** 20;
const maxNames = 1000;
const maxDepth = 32;
const maxValueLength = 1000;

/** Objects at the top of a metrics file whose leaves are settings, not results. */
const paramsKeys = new Set(['params', 'hyperparameters', 'config']);
const nonFinite = /^[+-]?\.?(?:nan|inf|infinity)$/i;

/** What the values in a part of the file are. */
type Inside = 'metrics' | 'history' | 'params';

/**
 * Metrics and params from the text of a JSON or YAML file. Nested names are joined with `.`, as `dvc metrics show` does: trackers
 * put `/` inside one name (`eval/f1`), so that both stay as they were written. Numbers are metrics; of a list of numbers that is a
 * history the last one, where gaps (`null`) are passed over. Everything below `params`, `hyperparameters` or `config`, and strings
 * and booleans elsewhere, are params; but `"nan"` and `"inf"` elsewhere are numbers: so DVCLive writes them, as JSON has no other way.
 *
 * @throws TrailError naming the file, and the line where it is broken
 */
export function parseMetrics(fileName: string, text: string): MetricsAndParams {
  checkMetricsSize(fileName, text.length);
  const { content, repeated } = parseMetricsText(fileName, text);
  return metricsIn(fileName, content, repeated);
}

/**
 * The same of what was read before, such as a log.
 *
 * @param repeated names that have several values there
 * @throws TrailError naming the file
 */
export function metricsIn(
  fileName: string,
  content: Readonly<Record<string, unknown>>,
  repeated: readonly string[] = [],
): MetricsAndParams {
  const metrics = new Map<string, number>();
  const params = new Map<string, ParamValue>();
  const ambiguous = new Set(repeated);

  function set<T>(values: Map<string, T>, name: string, value: T): void {
    if (values.has(name) && !Object.is(values.get(name), value)) ambiguous.add(name);
    values.set(name, value);
  }

  function walk(name: string, value: unknown, inside: Inside, depth: number): void {
    if (isRecord(value)) {
      if (depth === maxDepth) {
        throw new TrailError('refused', l10n.t('The metrics file {0} is nested too deeply.', fileName));
      }
      walkAll(name, value, inside, depth + 1);
      return;
    }
    if (metrics.size + params.size === maxNames) {
      throw new TrailError(
        'refused',
        l10n.t('The metrics file {0} holds more than {1} metrics and parameters.', fileName, maxNames),
      );
    }
    if (inside === 'params') {
      set(params, name, paramValue(value));
    } else {
      const number = metricValue(value);
      if (number !== undefined) set(metrics, name, number);
      else if (typeof value === 'string' || typeof value === 'boolean') set(params, name, paramValue(value));
    }
  }

  function walkAll(
    name: string,
    values: Readonly<Record<string, unknown>>,
    inside: Inside,
    depth: number,
  ): void {
    const histories = historiesIn(values, inside === 'history');
    const historyObjects = historyObjectsIn(values);
    for (const [key, value] of Object.entries(values)) {
      const path = name === '' ? key : `${name}.${key}`;
      const isWrapper = depth === 0 && isRecord(value);
      if (isWrapper && key === 'metrics') walk('', value, 'metrics', depth);
      else if (isWrapper && paramsKeys.has(key)) walk('', value, 'params', depth);
      else if (inside === 'params') walk(path, value, inside, depth);
      else if (Array.isArray(value)) {
        if (histories.has(key)) walk(path, lastOfHistory(value), inside, depth);
      } else walk(path, value, historyObjects.has(key) ? 'history' : inside, depth);
    }
  }

  walkAll('', content, 'metrics', 0);
  // fromEntries makes own properties even of names such as `__proto__`.
  return {
    metrics: Object.fromEntries(metrics),
    params: Object.fromEntries(params),
    ...(ambiguous.size > 0 && { ambiguous: [...ambiguous] }),
  };
}

/** Settings that a tracker keeps in a JSON or YAML file of their own. @throws TrailError naming the file, and the line where it is broken */
export function parseParams(fileName: string, text: string): Params {
  checkMetricsSize(fileName, text.length);
  return metricsIn(fileName, { params: parseMetricsText(fileName, text).content }).params;
}

/** Refuses by size, so that a large file need not be read to be refused. @throws TrailError */
export function checkMetricsSize(fileName: string, bytes: number, most = maxBytes): void {
  if (bytes > most) {
    const mebibytes = most / 2 ** 20;
    throw new TrailError(
      'refused',
      l10n.t('The metrics file {0} is larger than {1} MiB.', fileName, mebibytes),
    );
  }
}

function metricValue(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !nonFinite.test(value)) return undefined;
  if (/nan/i.test(value)) return Number.NaN;
  return value.startsWith('-') ? -Infinity : Infinity;
}

/** A NaN that it ends with is what training came to; but null is written where nothing was measured. */
function lastOfHistory(values: readonly unknown[]): unknown {
  const measured = values.filter((value) => value !== null);
  return measured.every((value) => metricValue(value) !== undefined) ? measured.at(-1) : undefined;
}

function paramValue(value: unknown): ParamValue {
  const plain = writable(undefined, value);
  if (typeof plain === 'number' || typeof plain === 'boolean' || plain === null) return plain;
  const text = typeof plain === 'string' ? plain : (JSON.stringify(plain, writable) ?? '');
  return text.length > maxValueLength ? `${text.slice(0, maxValueLength)}…` : text;
}

/** What JSON cannot write is text from here on, so that a param is the same in this file, in the journal and in the output. */
function writable(_key: string | undefined, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
