import * as l10n from '@vscode/l10n';
import type { ModelDiff } from '../../diff/modelDiff.ts';
import type { ValueChange } from '../../diff/valueChange.ts';
import type { Sides, ValueRow } from './messages.ts';

/** A value with a name, of which a side may lack its own. */
export interface NamedValue extends ValueRow {
  readonly key: string;
  readonly kind: string;
}

/** Hyper-parameters, metadata, and what is in files with settings. */
export function settingValues({ hyperparameters, metadata, files }: ModelDiff): NamedValue[] {
  const text = (value: ValueChange['a']) => (value === undefined ? undefined : String(value));
  const ofKind = (kind: string, changes: readonly ValueChange[]): NamedValue[] =>
    changes.map(({ name, a, b }) => ({ key: `${kind}\0${name}`, kind, name, a: text(a), b: text(b) }));
  return [
    ...ofKind(l10n.t('Hyper-parameter'), hyperparameters),
    ...ofKind(l10n.t('Metadata'), metadata),
    ...files.flatMap(({ path, status, changes }) => {
      const isThere = l10n.t('file');
      const whole: NamedValue = {
        key: `\0${path}`,
        kind: l10n.t('File'),
        name: path,
        a: status === 'added' ? undefined : isThere,
        b: status === 'removed' ? undefined : status === 'changed' ? l10n.t('changed') : isThere,
      };
      return changes.length === 0 ? [whole] : ofKind(path, changes);
    }),
  ];
}

/** What was measured of both, and the params that were recorded with them. */
export function metricValues({ metrics, params }: Sides): NamedValue[] {
  const ofKind = (kind: string, rows: readonly ValueRow[]): NamedValue[] =>
    rows.map((row) => ({ ...row, key: `${kind}\0${row.name}`, kind }));
  return [...ofKind(l10n.t('Metric'), metrics), ...ofKind(l10n.t('Param'), params)];
}
