import * as l10n from '@vscode/l10n';
import type { ModelDiff } from '../../diff/modelDiff.ts';
import type { ValueChange } from '../../diff/valueChange.ts';
import { inLanguage } from '../format.ts';
import type { Sides, ValueRow } from './messages.ts';

/** A value with a name, of which a side may lack its own. */
export interface NamedValue extends ValueRow {
  readonly key: string;
  readonly kind: string;
  /** For other programs: with numbers as in English. */
  readonly copied: string;
}

/** Hyper-parameters, metadata, and what is in files with settings. */
export function settingValues({ hyperparameters, metadata, files }: ModelDiff): NamedValue[] {
  const text = (value: ValueChange['a']) => (value === undefined ? undefined : String(value));
  const ofKind = (kind: string, changes: readonly ValueChange[]): NamedValue[] =>
    changes.map(({ name, a, b }) => valueOf(kind, { name, a: text(a), b: text(b) }));
  return [
    ...ofKind(l10n.t('Hyper-parameter'), hyperparameters),
    ...ofKind(l10n.t('Metadata'), metadata),
    ...files.flatMap(({ path, status, changes }) => {
      const isThere = l10n.t('file');
      const whole = {
        name: path,
        a: status === 'added' ? undefined : isThere,
        b: status === 'removed' ? undefined : status === 'changed' ? l10n.t('changed') : isThere,
      };
      return changes.length === 0 ? [valueOf(l10n.t('File'), whole)] : ofKind(path, changes);
    }),
  ];
}

/** What was measured of both, and the params that were recorded with them. */
export function metricValues({ metrics, params }: Sides): NamedValue[] {
  return [
    ...metrics.map((row) => shownInLanguage(valueOf(l10n.t('Metric'), row))),
    ...params.map((row) => valueOf(l10n.t('Param'), row)),
  ];
}

function valueOf(kind: string, row: ValueRow): NamedValue {
  const copied = `${row.name}: ${row.a ?? '–'} → ${row.b ?? '–'}`;
  return { ...row, key: `${kind}\0${row.name}`, kind, copied };
}

function shownInLanguage(metric: NamedValue): NamedValue {
  const shown = (number: string | undefined) => (number === undefined ? undefined : inLanguage(number));
  return { ...metric, a: shown(metric.a), b: shown(metric.b), delta: shown(metric.delta) };
}
