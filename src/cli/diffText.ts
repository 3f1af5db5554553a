import * as l10n from '@vscode/l10n';
import type { ChangedValues } from '../core/changedValues.ts';
import { formatDelta, formatMetric } from '../core/formatNumber.ts';
import type { ModelDiff } from '../diff/modelDiff.ts';
import { type Report, reportOf } from '../diff/report.ts';
import { styled, verdictStyled } from './style.ts';
import { indented } from './table.ts';

/** Of each table; `--json` has all. */
const mostRows = 50;

/** What changed, for a terminal. */
export function diffText(
  titles: { readonly a: string; readonly b: string },
  diff: ModelDiff,
  lines: readonly string[],
  values: ChangedValues,
  { columns, short }: { readonly columns?: number; readonly short: boolean },
): string {
  if (diff.identical) {
    const same = l10n.t('{0} and {1} have the same content.', titles.a, titles.b);
    return joined([same, ...valueBlocks(values)]);
  }
  const report = reportOf(diff, { mostRows, short });
  return joined([
    [styled('bold', `--- ${titles.a}`), styled('bold', `+++ ${titles.b}`), report.verdict].join('\n'),
    report.warnings.map((warning) => styled('yellow', `! ${warning}`)).join('\n'),
    ...(lines.length > 0 ? [lines.map(colouredLine).join('\n')] : []),
    ...report.sections.map((section) => sectionText(section, columns)),
    report.notes.map((note) => styled('dim', note)).join('\n'),
    ...valueBlocks(values),
  ]);
}

function joined(blocks: readonly string[]): string {
  return blocks.filter((block) => block !== '').join('\n\n');
}

function sectionText(
  { title, header, rows, numbers, more }: Report['sections'][number],
  columns: number | undefined,
): string {
  const isMarked = header[0] === '';
  const cells = [header.map((name) => styled('dim', name)), ...(isMarked ? rows.map(markedRow) : rows)];
  const table = indented(cells, { columns: columns && columns - 2, right: numbers });
  const rest = more > 0 ? `\n  ${styled('dim', l10n.t('and {0} more; --json has all', more))}` : '';
  return `${styled('bold', title)}\n${table}${rest}`;
}

const markColours = new Map([
  ['+', 'green'],
  ['-', 'red'],
  ['~', 'cyan'],
] as const);

function markedRow([mark = '', ...cells]: readonly string[]): string[] {
  const colour = markColours.get(mark as '+');
  return [colour ? styled(colour, mark) : mark, ...cells];
}

function valueBlocks({ metrics, params }: ChangedValues): string[] {
  const shown = (value: number | undefined, apart: number): string =>
    value === undefined ? '-' : formatMetric(value, apart);
  return [
    block(
      l10n.t('Metrics:'),
      metrics.map(({ name, a, b, delta, apart }) => [
        name,
        shown(a, apart),
        '→',
        shown(b, apart),
        delta ? verdictStyled(delta.verdict, formatDelta(delta.absolute)) : '',
      ]),
    ),
    block(
      l10n.t('Parameters:'),
      params.map(({ name, a, b }) => [name, String(a ?? '-'), '→', String(b ?? '-')]),
    ),
  ];
}

function block(title: string, rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? '' : `${title}\n${indented(rows)}`;
}

function colouredLine(line: string): string {
  if (line.startsWith('@@')) return styled('cyan', line);
  if (line.startsWith('-')) return styled('red', line);
  return line.startsWith('+') ? styled('green', line) : line;
}
