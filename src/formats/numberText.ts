/** A 32-bit float in the fewest digits that give the same float again: 0.1, not 0.10000000149011612. */
export function float32Text(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

/** The number of elements of a shape; undefined where a dimension is not known, or no file could hold them. */
export function elementCount(shape: readonly number[]): number | undefined {
  // A zero first: 2^60 x 2^60 x 0 elements are none.
  if (shape.includes(0)) return 0;
  let count = 1;
  for (const dimension of shape) {
    count *= dimension;
    if (!(count >= 0 && count <= Number.MAX_SAFE_INTEGER)) return undefined;
  }
  return count;
}
