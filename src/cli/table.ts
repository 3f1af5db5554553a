import { stripVTControlCharacters } from 'node:util';

/** East Asian wide and full-width blocks, and pictures: two columns each in a terminal. */
const wide =
  /\p{Emoji_Presentation}|\uFE0F|[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]/u;
const invisible = /^[\p{Mark}\p{Control}\p{Format}]+$/u;

let segmenter: Intl.Segmenter | undefined;
function graphemes(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/** How many columns of a terminal a text takes, its styling apart. */
export function textWidth(text: string): number {
  const plain = stripVTControlCharacters(text);
  // oxlint-disable-next-line no-control-regex -- the range of printable ASCII and its neighbours
  if (/^[\x00-\x7F]*$/.test(plain)) return plain.length;
  let width = 0;
  for (const { segment } of graphemes(plain)) width += graphemeWidth(segment);
  return width;
}

function graphemeWidth(grapheme: string): number {
  if (invisible.test(grapheme)) return 0;
  return wide.test(grapheme) ? 2 : 1;
}

/** Cuts an unstyled text to a width, with an ellipsis where something is left out. */
export function truncate(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = '';
  let used = 1;
  for (const { segment } of graphemes(text)) {
    used += graphemeWidth(segment);
    if (used > width) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

/** Below this, a column that is cut says nothing any more; the terminal wraps the line instead. */
export const narrowest = 12;

export interface TableLayout {
  /** The width to fit in, and the column (unstyled) that is cut to fit. */
  readonly columns?: number;
  readonly elastic?: number;
  /** Columns of numbers. */
  readonly right?: ReadonlySet<number>;
}

/** Rows as aligned lines, two spaces between columns; columns that are empty throughout are left out. */
export function table(rows: readonly (readonly string[])[], layout: TableLayout = {}): string {
  const cells = rows.map((row) => row.map((cell) => cell.replace(/\s*[\r\n]+\s*|\t/g, ' ')));
  const widths: number[] = [];
  // One cell after the other: there may be more rows than a call can have arguments.
  for (const row of cells) {
    for (const [column, cell] of row.entries())
      widths[column] = Math.max(widths[column] ?? 0, textWidth(cell));
  }
  const elastic = layout.elastic ?? -1;
  const elasticWidth = widths[elastic];
  if (layout.columns !== undefined && elasticWidth !== undefined) {
    const used = widths.filter((width) => width > 0).reduce((sum, width) => sum + width + 2, -2);
    const fitting = elasticWidth - Math.max(0, used - layout.columns);
    widths[elastic] = Math.min(elasticWidth, Math.max(narrowest, fitting));
  }
  return cells
    .map((row) =>
      widths
        .flatMap((width, column) => {
          if (width === 0) return [];
          const cell = column === elastic ? truncate(row[column] ?? '', width) : (row[column] ?? '');
          const padding = ' '.repeat(Math.max(0, width - textWidth(cell)));
          return layout.right?.has(column) ? padding + cell : cell + padding;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function indented(rows: readonly (readonly string[])[], layout: TableLayout = {}): string {
  return table(rows, layout).replace(/^/gm, '  ');
}
