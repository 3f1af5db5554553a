import * as l10n from '@vscode/l10n';
import type { ParamValue } from '../core/facts.ts';
import { displayText } from '../formats/displayText.ts';
import type { ValueChange } from './valueChange.ts';

type Row = readonly string[];

/** Made when they are asked for: of those of a hundred thousand tensors, few are shown. */
export interface Rows {
  readonly length: number;
  first(most: number): readonly Row[];
}

export function rowsOf<T>(items: readonly T[], rowOf: (item: T) => Row): Rows {
  return { length: items.length, first: (most) => items.slice(0, most).map(rowOf) };
}

/** A table of a report. Every cell is one line. */
export interface ReportSection {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: Rows;
  /** Columns of numbers. */
  readonly numbers: ReadonlySet<number>;
}

/** A longer text is cut. In characters. */
const maxText = 120;

export function valueSection(title: string, changes: readonly ValueChange[]): ReportSection {
  return {
    title,
    header: [l10n.t('Name'), l10n.t('Before'), l10n.t('After')],
    rows: rowsOf(changes, ({ name, a, b }) => [displayText(name), shown(a), shown(b)]),
    numbers: new Set(),
  };
}

/** A value that is not there is a dash. */
export function shown(value: ParamValue | undefined): string {
  if (value === undefined) return '–';
  const text = displayText(String(value));
  return text.length > maxText ? `${text.slice(0, maxText)}…` : text;
}

/** How it is told that something was added, removed or changed. */
export function mark(status: 'added' | 'removed' | 'changed'): string {
  return { added: '+', removed: '-', changed: '~' }[status];
}
