import * as l10n from '@vscode/l10n';
import { formatDelta, formatMetric } from '../../core/formatNumber.ts';
import { csvText } from '../csv.ts';
import { marksOf } from '../marks.ts';
import { type CompareView, fullName } from './view.ts';

/** For a report or a pull request: the best in bold, the change against the baseline behind each value. */
export function toMarkdown(view: CompareView): string {
  const header = view.columns.map((column, index) => {
    const marks = marksOf(column);
    const more = [...(index === view.baseline ? [l10n.t('Baseline')] : []), ...marks];
    return cell(fullName(view, column) + (more.length > 0 ? ` (${more.join(', ')})` : ''));
  });
  const metrics = view.metrics.map(({ name, values, deltas, best, apart }) => [
    cell(name),
    ...values.map((value, index) => {
      if (value === undefined) return '';
      const number = formatMetric(value, apart);
      const text = index === best ? `**${number}**` : number;
      const delta = deltas[index];
      return delta === undefined ? text : `${text} (${formatDelta(delta.absolute)})`;
    }),
  ]);
  const params = view.params.map(({ name, values }) => [
    cell(name),
    ...values.map((value) => cell(value ?? '')),
  ]);
  const rows = [['', ...header], ['---', ...header.map(() => '---:')], ...metrics, ...params];
  return rows.map((row) => `| ${row.join(' | ')} |\n`).join('');
}

function cell(text: string): string {
  return text.replace(/[\\|*_`<>[\]]/g, '\\$&').replace(/\s+/g, ' ');
}

/** For a spreadsheet: numbers in full, a column per version. */
export function toCsv(view: CompareView): string {
  return csvText([
    ['', ...view.columns.map((column) => fullName(view, column))],
    ...view.metrics.map(({ name, values }) => [name, ...values]),
    ...view.params.map(({ name, values }) => [name, ...values.map((value) => value ?? '')]),
  ]);
}
