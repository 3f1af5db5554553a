import type { Delta, MetricRow } from '../../core/compare.ts';
import { changeText, differenceText, metricText } from '../format.ts';
import { fill } from '../l10n.ts';
import type { CompareStrings } from './messages.ts';
import { type CompareView, fullName, marksOf } from './view.ts';

export function directionWord(row: MetricRow, strings: CompareStrings): string | undefined {
  if (row.direction === 'higher') return strings.higherBetter;
  return row.direction === 'lower' ? strings.lowerBetter : undefined;
}

/** `▲ +0.013 (+1.44%)` */
export function deltaText(delta: Delta): string {
  const arrow = delta.absolute > 0 ? '▲ ' : delta.absolute < 0 ? '▼ ' : '';
  const percent =
    delta.relative === undefined || delta.absolute === 0 ? '' : ` (${changeText(delta.relative)})`;
  return `${arrow}${differenceText(delta.absolute)}${percent}`;
}

/** What is known of one point: the version with its marks, its value, the change against the baseline, the message. */
export function describePoint(
  view: CompareView,
  row: MetricRow,
  index: number,
  strings: CompareStrings,
): string[] {
  const column = view.columns[index];
  const value = row.values[index];
  if (!column || value === undefined) return [];
  const marks = marksOf(column);
  const best = index === row.best ? ` (${strings.best})` : '';
  const lines = [
    [fullName(view, column), ...marks].join(' · '),
    fill(strings.point, row.name, metricText(value, row.apart)) + best,
  ];
  const change = changeAt(view, row, index, strings);
  if (change) lines.push(change);
  const [message = ''] = column.message.split('\n');
  if (message) lines.push(message);
  return lines;
}

function changeAt(
  view: CompareView,
  row: MetricRow,
  index: number,
  strings: CompareStrings,
): string | undefined {
  const base = view.columns[view.baseline];
  if (index === view.baseline && base) return fill(strings.isBaseline, fullName(view, base));
  const delta = row.deltas[index];
  if (!delta || !base) return undefined;
  const verdict = delta.verdict === 'unknown' ? '' : `, ${strings[delta.verdict]}`;
  return fill(strings.against, fullName(view, base), deltaText(delta)) + verdict;
}
