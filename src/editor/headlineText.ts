import { l10n } from 'vscode';
import type { Metrics } from '../core/facts.ts';
import { headline } from './headline.ts';
import { formatMetric } from './text.ts';

/** The metric that stands for a version, as it is written and as it is read out. */
export interface HeadlineText {
  /** `0.875 ▲`: where little else fits. */
  readonly value: string;
  readonly name: string;
  /** `val_accuracy 0.875, better than before` */
  readonly words: string;
}

/** @param before the metrics of the version before, if there is one */
export function headlineText(metrics: Metrics, before: Metrics | undefined): HeadlineText | undefined {
  const metric = headline(metrics, before);
  if (!metric) return undefined;
  const { name, arrow, trend } = metric;
  const value = formatMetric(metric.value);
  const words =
    trend === 'better'
      ? l10n.t('{0} {1}, better than before', name, value)
      : trend === 'worse'
        ? l10n.t('{0} {1}, worse than before', name, value)
        : `${name} ${value}`;
  return { value: arrow ? `${value} ${arrow}` : value, name, words };
}
