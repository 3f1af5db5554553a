import type { Recipe } from './recipe.ts';

/** Where each block of a content begins, in bytes. */
export function startsOf(recipe: Recipe): Float64Array {
  const starts = new Float64Array(recipe.count);
  let start = 0;
  for (let number = 0; number < recipe.count; number++) {
    starts[number] = start;
    start += recipe.lengthAt(number);
  }
  return starts;
}

/** The last block that begins at or before an offset. */
export function lastUpTo(starts: Float64Array, offset: number): number {
  let low = 0;
  for (let high = starts.length - 1; low < high;) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
