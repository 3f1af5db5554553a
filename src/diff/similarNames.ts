import type { TensorInfo } from '../formats/summary.ts';

/** Above this many possible pairs, names are not compared one by one. */
const maxComparisons = 250_000;
/** How much of the longer name must be a common beginning and end. */
const leastSimilarity = 0.5;

interface NamedPair {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
}

/** Pairs each tensor with the one whose name is most like its own, the most similar first; leaves alone those that are like none. */
export function mostSimilar(a: readonly TensorInfo[], b: readonly TensorInfo[]): NamedPair[] {
  if (a.length * b.length > maxComparisons) return [];
  const candidates = a.flatMap((a) =>
    b.flatMap((b) => {
      const similarity = similarityOf(a.name, b.name);
      return similarity >= leastSimilarity ? [{ a, b, similarity }] : [];
    }),
  );
  const taken = new Set<TensorInfo>();
  return candidates
    .sort((x, y) => y.similarity - x.similarity || compareEitherWay(x, y))
    .flatMap(({ a, b }) => {
      if (taken.has(a) || taken.has(b)) return [];
      taken.add(a);
      taken.add(b);
      return [{ a, b }];
    });
}

/**
 * 0 to 1: how much of the longer name is a common beginning and end; one that stays in its module is similar enough. Layer 3 is no other name of
 * layer 4, so numbers must agree.
 */
function similarityOf(a: string, b: string): number {
  const numbersOf = (name: string): string => name.match(/\d+/g)?.join() ?? '';
  if (numbersOf(a) !== numbersOf(b)) return 0;
  const moduleOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('.')));
  const least = moduleOf(a) !== '' && moduleOf(a) === moduleOf(b) ? leastSimilarity : 0;
  const shorter = Math.min(a.length, b.length);
  let before = 0;
  while (before < shorter && a[before] === b[before]) before++;
  let after = 0;
  while (after < shorter - before && a.at(-1 - after) === b.at(-1 - after)) after++;
  return Math.max(least, (before + after) / Math.max(a.length, b.length));
}

/** An order that is the same when the sides are exchanged. */
function compareEitherWay(x: NamedPair, y: NamedPair): number {
  const [keyX, keyY] = [x, y].map(({ a, b }) => [a.name, b.name].sort().join('\0'));
  return (keyX ?? '') < (keyY ?? '') ? -1 : 1;
}
