import { groupBy } from './groupBy.ts';

/**
 * As many models of a series as are one row. Fewer bury nothing, and are often what one chooses from: the last three that a trainer
 * keeps, five folds of a cross-validation, the five sizes of a family (`resnet18.onnx` to `resnet152.onnx`).
 */
const leastFolded = 6;

/**
 * Puts what is of one series together, where the first of it was, and everything else by itself; in both what came first stays first.
 * @param seriesOf the same for what is of one series
 * @returns groups, of which each with more than one is a series
 */
export function foldSeries<T>(all: readonly T[], seriesOf: (one: T) => string): readonly (readonly T[])[] {
  const groups = groupBy(all, seriesOf);
  return all.flatMap((one) => {
    const group = groups.get(seriesOf(one)) ?? [];
    if (group.length < leastFolded) return [[one]];
    return group[0] === one ? [group] : [];
  });
}
