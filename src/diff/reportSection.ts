import * as l10n from '@vscode/l10n';
import type { ParamValue } from '../core/facts.ts';
import { displayText } from '../formats/displayText.ts';
import type { ValueChange } from './valueChange.ts';

/** A table of a report. Every cell is one line. */
export interface ReportSection {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns of numbers. */
  readonly numbers: ReadonlySet<number>;
}

/** A longer text is cut. In characters. */
const maxText = 120;

export function valueSection(title: string, changes: readonly ValueChange[]): ReportSection {
  return {
    title,
    header: [l10n.t('Name'), l10n.t('Before'), l10n.t('After')],
    rows: changes.map(({ name, a, b }) => [displayText(name), shown(a), shown(b)]),
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
