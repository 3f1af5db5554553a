import type { TensorEntry } from '../../diff/tensorsDiff.ts';
import { buildTree, type TreeNode, type TreeRow } from '../nameTree.ts';
import type { Sort } from '../schemas.ts';
import { inNumbers, matcherOf } from '../tables.ts';

/** What the entries below a module come to. */
export interface EntrySums {
  tensors: number;
  /** All but those that are the same. */
  changed: number;
  /** Squares of the norms of b - a and of a, over what was compared as numbers and differs. */
  difference: number;
  before: number;
  /** The largest |b - a|. */
  maxAbsolute: number;
  frozen: number;
}
export type EntryNode = TreeNode<TensorEntry, EntrySums>;
export type EntryRow = TreeRow<TensorEntry, EntrySums>;

export function entryTree(entries: readonly TensorEntry[]): EntryNode {
  return buildTree<TensorEntry, EntrySums>(entries, {
    nameOf,
    keyOf,
    empty: () => ({ tensors: 0, changed: 0, difference: 0, before: 0, maxAbsolute: 0, frozen: 0 }),
    add(sums, { status, difference, frozen }) {
      sums.tensors++;
      if (status !== 'same') sums.changed++;
      if (frozen) sums.frozen++;
      sums.difference += (difference?.l2 ?? 0) ** 2;
      sums.before += (difference?.normA ?? 0) ** 2;
      sums.maxAbsolute = Math.max(sums.maxAbsolute, difference?.maxAbsolute ?? 0);
    },
  });
}

export function nameOf({ a, b }: TensorEntry): string {
  return (b ?? a)?.name ?? '';
}

/** One that was removed may have the name of one that another became. */
export function keyOf(entry: TensorEntry): string {
  return `${entry.b ? '=' : '-'}${nameOf(entry)}`;
}

/** Absent where nothing was compared as numbers, or the norm before is 0. */
export function relativeL2({ item, sums }: EntryNode): number | undefined {
  if (item) return item.frozen ? 0 : item.difference?.relativeL2;
  if (sums.before > 0) return Math.sqrt(sums.difference / sums.before);
  return sums.frozen === sums.tensors ? 0 : undefined;
}

export function changedShare({ item, sums }: EntryNode): number {
  if (!item) return sums.changed / sums.tensors;
  if (item.difference) return item.difference.changed / item.difference.elements;
  return item.status === 'same' ? 0 : 1;
}

export interface EntryFilter {
  readonly filter: string;
  /** What did not change, too. */
  readonly all: boolean;
}

export function matching({ filter, all }: EntryFilter): ((entry: TensorEntry) => boolean) | undefined {
  const matches = matcherOf(filter);
  if (!matches && all) return undefined;
  return (entry) => {
    if (!all && isSame(entry)) return false;
    const { a, b } = entry;
    return matches?.(`${b?.name ?? ''} ${a?.name ?? ''} ${b?.dtype ?? ''} ${a?.dtype ?? ''}`) ?? true;
  };
}

/** In what it holds and in its name. */
export function isSame({ status, renamed }: TensorEntry): boolean {
  return status === 'same' && (renamed === undefined || renamed === 'prefix');
}

/** What is not known comes before what is, so that it is last from the largest on. */
export function comparison({ column, descending }: Sort): (x: EntryNode, y: EntryNode) => number {
  const order = descending ? -1 : 1;
  const byName = (x: EntryNode, y: EntryNode): number => inNumbers.compare(x.label, y.label);
  const by = (value: (node: EntryNode) => number) => (x: EntryNode, y: EntryNode) =>
    order * (value(x) - value(y)) || byName(x, y);
  switch (column) {
    case 'relativeL2':
      return by((node) => relativeL2(node) ?? -1);
    case 'cosine':
      return by(({ item }) => item?.difference?.cosine ?? -2);
    case 'maxAbsolute':
      return by(({ sums }) => sums.maxAbsolute);
    case 'changed':
      return by(changedShare);
    case 'type':
      return (x, y) =>
        order * inNumbers.compare(x.item?.b?.dtype ?? '', y.item?.b?.dtype ?? '') || byName(x, y);
    default:
      return (x, y) => order * byName(x, y);
  }
}

export function entriesIn(rows: readonly EntryRow[]): TensorEntry[] {
  return rows.flatMap(({ node }) => node.item ?? []);
}
