import * as l10n from '@vscode/l10n';
import type { Metrics } from '../core/facts.ts';
import { formatMetric } from '../core/formatNumber.ts';
import { isElsewhere, isGone, type Version } from '../core/versions.ts';
import { styled } from './style.ts';

/** In seconds. */
const steps: readonly (readonly [string, number])[] = [
  ['y', 365 * 86_400],
  ['mo', 30 * 86_400],
  ['w', 7 * 86_400],
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
];

/** `2h ago`; an empty text for a time that is not known. Not by `Intl`, which takes 20 ms for the first one. */
export function formatAge(time: string | undefined, now: Date): string {
  const then = Date.parse(time ?? '');
  if (Number.isNaN(then)) return '';
  const seconds = (now.getTime() - then) / 1000;
  const step = steps.find(([, size]) => Math.abs(seconds) >= size);
  if (!step) return 'now';
  const [unit, size] = step;
  const age = `${Math.trunc(Math.abs(seconds) / size)}${unit}`;
  return seconds > 0 ? `${age} ago` : `in ${age}`;
}

export function formatMetrics(metrics: Metrics): string {
  return Object.entries(metrics)
    .map(([name, value]) => `${name}=${formatMetric(value)}`)
    .join(' ');
}

/** `(champion, @production)`: what a version is called besides its number; and whether its bytes are gone, or not here. */
export function formatLabels(
  version: Pick<Version, 'tags' | 'stage' | 'forgotten' | 'absent' | 'sources'>,
): string {
  const labels = [
    ...version.tags.map((tag) => styled('yellow', tag)),
    ...(version.stage === undefined ? [] : [styled('green', `@${version.stage}`)]),
    ...(isGone(version) ? [styled('red', l10n.t('bytes given up'))] : []),
    ...(isElsewhere(version) ? [styled('red', l10n.t('not on this machine'))] : []),
  ];
  return labels.length === 0 ? '' : `(${labels.join(', ')})`;
}

export function firstLine(text: string): string {
  return text.trimStart().split(/\r?\n/, 1)[0] ?? '';
}
