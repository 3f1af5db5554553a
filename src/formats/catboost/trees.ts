import { Malformed } from '../byteCursor.ts';
import type { FlatBuffer, Table } from '../flatBuffer.ts';
import type { TreeEnsemble } from '../summary.ts';
import type { SummaryDraft } from '../summaryDraft.ts';
import { walkTree, type TreeShape } from '../trees.ts';
import type { Feature } from './features.ts';

const slot = { splits: 1, sizes: 2, starts: 3, steps: 10 };
/** Of all trees together. */
const maxSplits = 10_000_000;
/** As in CatBoost. */
const maxDepth = 16;
const leaf = -1;

type Trees = Pick<TreeEnsemble, 'trees' | 'importance'>;

export async function readTrees(
  draft: SummaryDraft,
  buffer: FlatBuffer,
  trees: Table,
  features: readonly Feature[],
): Promise<Trees> {
  const splits = await buffer.numbers(trees[slot.splits], maxSplits);
  const sizes = await buffer.numbers(trees[slot.sizes], maxSplits);
  const starts = await buffer.numbers(trees[slot.starts], maxSplits);
  draft.count(sizes.length);
  const counts = new Uint32Array(features.length);
  const featureOf = conditionIndex(features);
  const countSplit = (node: number): void => {
    const feature = featureOf(splits[node] ?? -1);
    if (feature !== undefined) counts[feature] = (counts[feature] ?? 0) + 1;
  };
  const steps = await buffer.vector(trees[slot.steps], 4);
  const shapes: TreeShape[] = [];
  if (steps.count === 0) {
    // Symmetric trees: one condition to a level.
    let start = 0;
    for (const depth of sizes) {
      if (depth < 0 || depth > maxDepth || start + depth > splits.length) throw new Malformed();
      for (let i = 0; i < depth; i++) countSplit(start + i);
      start += depth;
      shapes.push({ leaves: 2 ** depth, depth });
    }
  } else {
    const view = await buffer.bytes(steps, 4, 4 * maxSplits);
    for (const [i, size] of sizes.entries()) {
      const start = starts[i] ?? -1;
      const end = start + size;
      if (start < 0 || size < 1 || end > steps.count) throw new Malformed();
      const children = (node: number): readonly [number, number] | undefined => {
        if (node === leaf) return undefined;
        if (node >= end) throw new Malformed();
        const [left, right] = [view.getUint16(4 * node, true), view.getUint16(4 * node + 2, true)];
        if (left === 0 && right === 0) return undefined;
        // On a side that leads nowhere the node is its own leaf.
        return [left === 0 ? leaf : node + left, right === 0 ? leaf : node + right];
      };
      shapes.push(walkTree(start, 2 * size + 1, children, countSplit));
    }
  }
  return { trees: shapes, importance: importanceOf(features, counts) };
}

function importanceOf(features: readonly Feature[], counts: Uint32Array): TreeEnsemble['importance'] {
  const importance = new Map<string, { splits: number }>();
  for (const [i, { name }] of features.entries()) {
    const splits = (counts[i] ?? 0) + (importance.get(name)?.splits ?? 0);
    if (splits > 0) importance.set(name, { splits });
  }
  return importance;
}

/** Finds the feature that a condition belongs to. */
function conditionIndex(features: readonly Feature[]): (condition: number) => number | undefined {
  const ends: number[] = [];
  let end = 0;
  for (const { conditions } of features) ends.push((end += conditions));
  return (condition) => {
    if (condition < 0 || condition >= end) throw new Malformed();
    let low = 0;
    let high = ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) > condition) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
