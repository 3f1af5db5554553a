import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import type { Metrics, Params, ParamValue } from '../core/facts.ts';
import { parseMetricValue } from '../core/metricValue.ts';

/** Values of `--metric f1=0.9`. @throws TrailError `usage` */
export function parseMetrics(assignments: readonly string[]): Metrics {
  return Object.fromEntries(
    assignments.map((assignment) => {
      const [name, text] = split(assignment, '--metric');
      const value = parseMetricValue(text);
      if (value === undefined)
        throw new TrailError(
          'usage',
          l10n.t('"{0}" is not a number, as the metric {1} needs it.', text, name),
        );
      return [name, value];
    }),
  );
}

/** Values of `--param lr=3e-4`: quantities, true, false and null as such, everything else as text. @throws TrailError `usage` */
export function parseParams(assignments: readonly string[]): Params {
  return Object.fromEntries(
    assignments.map((assignment) => {
      const [name, text] = split(assignment, '--param');
      return [name, paramValue(text)];
    }),
  );
}

function split(assignment: string, option: string): [name: string, value: string] {
  const at = assignment.indexOf('=');
  const name = assignment.slice(0, Math.max(0, at)).trim();
  if (name === '')
    throw new TrailError(
      'usage',
      l10n.t('{0} needs a name and a value, such as {0} NAME=VALUE, not "{1}".', option, assignment),
    );
  return [name, assignment.slice(at + 1).trim()];
}

function paramValue(text: string): ParamValue {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  const value = Number(text);
  const [isNumber, fraction = '', exponent] =
    /^-?(?:0|[1-9]\d*)(?:\.(\d{1,100}))?(e[+-]?\d+)?$/i.exec(text) ?? [];
  if (isNumber === undefined || !Number.isFinite(value)) return text;
  // `007`, the release `2.10`, and digits beyond what a double holds are names, not quantities: a number loses some of their digits.
  const keepsDigits = !fraction.endsWith('0') && value.toFixed(fraction.length) === text;
  return exponent !== undefined || keepsDigits ? value : text;
}
