import * as l10n from '@vscode/l10n';
import type { Delta, MetricRow } from '../../core/compare.ts';
import { changeText, differenceText, metricText } from '../format.ts';
import { marksOf } from '../marks.ts';
import { type CompareView, fullName } from './view.ts';

export function directionWord(row: MetricRow): string | undefined {
  if (row.direction === 'higher') return l10n.t('higher is better');
  return row.direction === 'lower' ? l10n.t('lower is better') : undefined;
}

export function verdictWord(verdict: Exclude<Delta['verdict'], 'unknown'>): string {
  if (verdict === 'same') return l10n.t('the same');
  return verdict === 'better' ? l10n.t('better') : l10n.t('worse');
}

/** `▲ +0.013 (+1.44%)` */
export function deltaText(delta: Delta): string {
  const arrow = delta.absolute > 0 ? '▲ ' : delta.absolute < 0 ? '▼ ' : '';
  const percent =
    delta.relative === undefined || delta.absolute === 0 ? '' : ` (${changeText(delta.relative)})`;
  return `${arrow}${differenceText(delta.absolute)}${percent}`;
}

/** What is known of one point: the version with its marks, its value, the change against the baseline, the message. */
export function describePoint(view: CompareView, row: MetricRow, index: number): string[] {
  const column = view.columns[index];
  const value = row.values[index];
  if (!column || value === undefined) return [];
  const marks = marksOf(column);
  const best = index === row.best ? ` (${l10n.t('best')})` : '';
  const lines = [
    [fullName(view, column), ...marks].join(' · '),
    l10n.t('{0}: {1}', row.name, metricText(value, row.apart)) + best,
  ];
  const change = changeAt(view, row, index);
  if (change) lines.push(change);
  const [message = ''] = column.message.split('\n');
  if (message) lines.push(message);
  return lines;
}

function changeAt(view: CompareView, row: MetricRow, index: number): string | undefined {
  const base = view.columns[view.baseline];
  if (index === view.baseline && base) return l10n.t('{0} is the baseline', fullName(view, base));
  const delta = row.deltas[index];
  if (!delta || !base) return undefined;
  const verdict = delta.verdict === 'unknown' ? '' : `, ${verdictWord(delta.verdict)}`;
  return l10n.t('against {0}: {1}', fullName(view, base), deltaText(delta)) + verdict;
}
