import { buildTree, type TreeNode, type TreeRow } from '../nameTree.ts';
import type { Sort } from '../schemas.ts';
import { inNumbers, matcherOf } from '../tables.ts';
import type { Tensor } from './record.ts';

/** What the tensors below a module come to. */
export interface TensorSums {
  tensors: number;
  elements: number;
  bytes: number;
}
export type TensorNode = TreeNode<Tensor, TensorSums>;
export type TensorRow = TreeRow<Tensor, TensorSums>;

export function tensorTree(tensors: readonly Tensor[]): TensorNode {
  return buildTree<Tensor, TensorSums>(tensors, {
    nameOf: ({ name }) => name,
    keyOf: ({ name }) => `=${name}`,
    empty: () => ({ tensors: 0, elements: 0, bytes: 0 }),
    add(sums, tensor) {
      sums.tensors++;
      sums.elements += elementsOf(tensor) ?? 0;
      sums.bytes += tensor.byteLength ?? 0;
    },
  });
}

export function elementsOf(tensor: Tensor): number | undefined {
  let count = 1;
  for (const dimension of tensor.shape) {
    if (dimension === null) return undefined;
    count *= dimension;
  }
  return count;
}

/** Those that have all words of a filter in their name or type; undefined where there are none. */
export function matching(filter: string): ((tensor: Tensor) => boolean) | undefined {
  const matches = matcherOf(filter);
  return matches && (({ name, dtype }) => matches(`${name} ${dtype}`));
}

export function comparison({ column, descending }: Sort): (a: TensorNode, b: TensorNode) => number {
  const order = descending ? -1 : 1;
  const name = (a: TensorNode, b: TensorNode): number => inNumbers.compare(a.label, b.label);
  if (column === 'dtype') {
    return (a, b) => order * inNumbers.compare(a.item?.dtype ?? '', b.item?.dtype ?? '') || name(a, b);
  }
  if (column === 'size') return (a, b) => order * (a.sums.bytes - b.sums.bytes) || name(a, b);
  if (column === 'shape' || column === 'share')
    return (a, b) => order * (a.sums.elements - b.sums.elements) || name(a, b);
  return (a, b) => order * name(a, b);
}

/** The tensors among the rows, in their order. */
export function tensorsIn(rows: readonly TensorRow[]): Tensor[] {
  return rows.flatMap(({ node }) => (node.item ? [node.item] : []));
}
