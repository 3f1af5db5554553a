import { groupBy } from '../core/groupBy.ts';
import { idOf, type ModelNode, type Mutable, type SeriesNode } from './nodes.ts';
import { baseName } from './text.ts';

/**
 * Has rows of the same name say where their folders differ: every run of Lightning or Ultralytics has a `last.ckpt` or a `best.pt`, and
 * where a view is narrow the end of their folders is cut off.
 */
export function tellApart(rows: readonly (Mutable<ModelNode> | Mutable<SeriesNode>)[]): void {
  const placed = rows.map((row) => ({ row, ...placeOf(row) }));
  const keyOf = ({ row, name }: (typeof placed)[number]): string =>
    `${row.parent ? idOf(row.parent) : ''}\0${name}`;
  for (const same of groupBy(placed, keyOf).values()) {
    const differences = differencesOf(same.map(({ folder }) => folder));
    for (const [index, { row }] of same.entries()) row.difference = differences[index];
  }
}

function placeOf(row: ModelNode | SeriesNode): { readonly name: string; readonly folder: string } {
  const path = (row.kind === 'series' ? row.models[0] : row)?.shownPath ?? '';
  const file = baseName(path);
  return { name: row.kind === 'series' ? row.name : file, folder: path.slice(0, -file.length - 1) };
}

/** What is left of each folder without the ones that all begin and end with: of one alone, nothing. */
function differencesOf(folders: readonly string[]): readonly string[] {
  const all = folders.map((folder) => (folder === '' ? [] : folder.split('/')));
  const shortest = Math.min(...all.map((parts) => parts.length));
  const isShared = (at: number): boolean => all.every((parts) => parts.at(at) === all[0]?.at(at));
  let start = 0;
  while (start < shortest && isShared(start)) start++;
  let end = 0;
  while (start + end < shortest && isShared(-1 - end)) end++;
  return all.map((parts) => parts.slice(start, parts.length - end).join('/'));
}
