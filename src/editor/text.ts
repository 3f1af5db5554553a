import * as vscode from 'vscode';
import { formatBytes as bytesIn } from '../core/formatBytes.ts';
import { formatMetric as plainMetric } from '../core/formatNumber.ts';
import { localNumber } from '../core/localNumber.ts';

const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** How long ago an ISO 8601 time was: `2h ago`, or in full for sentences and screen readers. */
export function relativeTime(time: string, style: 'narrow' | 'long' = 'narrow', now = Date.now()): string {
  const seconds = (Date.parse(time) - now) / 1000;
  if (Number.isNaN(seconds)) return '';
  const format = new Intl.RelativeTimeFormat(vscode.env.language, {
    style,
    numeric: style === 'long' ? 'auto' : 'always',
  });
  const [unit, length] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
  if (unit === 'second') return vscode.l10n.t('just now');
  return format.format(Math.trunc(seconds / length), unit);
}

export function fullTime(time: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return time;
  return date.toLocaleString(vscode.env.language, { dateStyle: 'medium', timeStyle: 'short' });
}

/** A size as VS Code writes it: `12.4 MB`. */
export function formatBytes(bytes: number): string {
  return bytesIn(bytes, vscode.env.language);
}

export function formatMetric(value: number): string {
  return localNumber(plainMetric(value), vscode.env.language);
}

/** Names in a sentence: `a, b and c`. */
export function listOf(names: readonly string[]): string {
  return new Intl.ListFormat(vscode.env.language, { type: 'conjunction' }).format(names);
}

/** As many names as a sentence can bear. */
export const namedAtMost = 3;

/** Names in a sentence, or how many there are: `a, b and c`, `12 models`. */
export function listOrCount(names: readonly string[], count: (number: number) => string): string {
  return names.length > namedAtMost ? count(names.length) : listOf(names);
}

/** Of more than one. */
export function versionCount(count: number): string {
  return vscode.l10n.t('{0} versions', count);
}

export function modelCount(count: number): string {
  return vscode.l10n.t('{0} models', count);
}

/** Several messages as one, since of several the editor would hide the first. */
export function problemsText(messages: readonly string[]): string {
  const [first = '', ...more] = messages;
  if (more.length === 0) return first;
  return more.length === 1
    ? vscode.l10n.t('{0} There is one more problem.', first)
    : vscode.l10n.t('{0} There are {1} more problems.', first, more.length);
}

export function baseName(model: string): string {
  return model.slice(model.lastIndexOf('/') + 1);
}

/** The beginning of a text, as whole words where they take half of the room: `Train for…`. @param length in characters, with the ellipsis */
export function shortened(text: string, length: number): string {
  const characters = [...text];
  if (characters.length <= length) return text;
  const kept = characters.slice(0, length - 1).join('');
  const endsWord = /[\s,;:.]/.test(characters[length - 1] ?? '');
  const words = endsWord ? kept : kept.replace(/\s+\S*$/, '');
  const telling = words.length >= kept.length / 2 ? words : kept;
  return `${telling.replace(/[\s,;:.]+$/, '')}…`;
}

/** Text from files and people, as plain text inside Markdown; also in the cell of a table. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\`*_{}[\]()#+\-.!|<>~&$:@]/g, '\\$&');
}
