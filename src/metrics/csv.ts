import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';

const maxColumns = 1000;
const maxCellLength = 10_000;
/** A quoted cell or one that is not, and what comes after it. */
const cell = new RegExp(
  `(?:"((?:[^"]|""){0,${maxCellLength}})"|([^",\\r\\n]{0,${maxCellLength}}))(,|\\r?\\n)`,
  'y',
);

/**
 * The rows of a CSV file (RFC 4180) by the names in its header, without empty cells and empty rows. A last line that is not ended is left
 * out: a trainer may be writing it, and of a number only the first digits be there.
 *
 * @throws TrailError naming the file, and the row where it is broken
 */
export function* csvRows(fileName: string, text: string): Generator<ReadonlyMap<string, string>> {
  let columns: readonly string[] | undefined;
  let line = 0;
  for (const cells of linesOf(fileName, text)) {
    line++;
    if (columns === undefined) {
      // Ultralytics aligned them with spaces once.
      columns = cells.map((name) => name.trim());
      if (new Set(columns).size < columns.length) throw broken(fileName, line);
    } else {
      if (cells.length > columns.length) throw broken(fileName, line);
      const row = new Map<string, string>();
      for (const [at, value] of cells.entries()) {
        if (value.trim() !== '') row.set(columns[at] ?? '', value.trim());
      }
      if (row.size > 0) yield row;
    }
  }
}

function* linesOf(fileName: string, text: string): Generator<readonly string[]> {
  const end = text.lastIndexOf('\n') + 1;
  let at = text.startsWith('\ufeff') ? 1 : 0;
  for (let line = 1; at < end; line++) {
    const next = text.indexOf('\n', at) + 1;
    const plain = text.slice(at, next);
    let cells: string[] = [];
    if (plain.includes('"')) {
      for (let separator: string | undefined = ','; separator === ','; at = cell.lastIndex) {
        cell.lastIndex = at;
        const [, quoted, bare = '', after] = cell.exec(text) ?? [];
        if (after === undefined || cells.length === maxColumns) throw broken(fileName, line);
        cells.push(quoted?.replaceAll('""', '"') ?? bare);
        separator = after;
      }
    } else {
      cells = plain.trimEnd().split(',', maxColumns + 1);
      if (cells.length > maxColumns) throw broken(fileName, line);
      at = next;
    }
    yield cells;
  }
}

function broken(fileName: string, row: number): TrailError {
  return new TrailError(
    'damaged',
    l10n.t(
      'The metrics file {0} cannot be read: row {1} is no CSV that goes with the header.',
      fileName,
      row,
    ),
  );
}
