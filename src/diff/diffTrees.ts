import type { TreeEnsemble } from '../formats/summary.ts';
import type { Importance, ImportanceChange, TreesDiff, TreesSide } from './structureDiff.ts';

/** Less is what is left of rounding where one format writes gains in decimals. */
const leastShare = 1e-6;

/** What changed in an ensemble: trees are compared by what they decide where the readers of both sides can tell, else by their size. */
export function diffTrees(a: TreeEnsemble, b: TreeEnsemble, isSameFormat: boolean): TreesDiff {
  // Two formats put the parts of a tree in different orders.
  const byContent = isSameFormat && [...a.trees, ...b.trees].every(({ content }) => content !== undefined);
  const first = Array.from({ length: Math.max(a.trees.length, b.trees.length) }, (_, index) => index).find(
    (index) => {
      const [x, y] = [a.trees[index], b.trees[index]];
      return (
        !x || !y || x.leaves !== y.leaves || x.depth !== y.depth || (byContent && x.content !== y.content)
      );
    },
  );
  const [namesA, namesB] = [new Set(a.features), new Set(b.features)];
  return {
    a: sideOf(a),
    b: sideOf(b),
    comparedBy: byContent ? 'content' : 'size',
    ...(first !== undefined && { firstDifferent: first }),
    featuresAdded: b.features.filter((name) => !namesA.has(name)),
    featuresRemoved: a.features.filter((name) => !namesB.has(name)),
    importance: importanceChanges(sharesOf(a), sharesOf(b)),
  };
}

function sideOf({ trees, objective, classes, features }: TreeEnsemble): TreesSide {
  return {
    trees: trees.length,
    leaves: trees.reduce((sum, { leaves }) => sum + leaves, 0),
    depth: trees.reduce((max, { depth }) => Math.max(max, depth), 0),
    objective,
    classes,
    features: features.length,
  };
}

function sharesOf({ importance }: TreeEnsemble): Map<string, Importance> {
  const all = [...importance.values()];
  const splits = all.reduce((sum, feature) => sum + feature.splits, 0);
  const gain = all.reduce((sum, feature) => sum + (feature.gain ?? 0), 0);
  const shareOf = (part: number | undefined, whole: number): number | undefined => {
    const share = (part ?? NaN) / whole;
    return Number.isFinite(share) ? share : undefined;
  };
  return new Map(
    [...importance].map(([name, feature]) => [
      name,
      { splits: shareOf(feature.splits, splits) ?? 0, gain: shareOf(feature.gain, gain) },
    ]),
  );
}

function importanceChanges(
  a: ReadonlyMap<string, Importance>,
  b: ReadonlyMap<string, Importance>,
): ImportanceChange[] {
  const size = ({ a, b }: ImportanceChange): number =>
    Math.max(Math.abs((b?.splits ?? 0) - (a?.splits ?? 0)), Math.abs((b?.gain ?? 0) - (a?.gain ?? 0)));
  return [...new Set([...a.keys(), ...b.keys()])]
    .map((feature) => ({ feature, a: a.get(feature), b: b.get(feature) }))
    .filter((change) => size(change) > leastShare)
    .sort((x, y) => size(y) - size(x) || (x.feature < y.feature ? -1 : 1));
}
