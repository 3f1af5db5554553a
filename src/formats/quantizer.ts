/** What the whole numbers of a quantised tensor stand for: number minus zero point, times scale. */
export interface Quantizer {
  /** One; with an axis, one for each index along it. None where they could not be read. */
  readonly scales: readonly number[];
  readonly zeroPoints: readonly number[];
  readonly axis?: number;
}

/** What nodes have as an attribute whose outputs are whole numbers that stand for others. */
export const outputQuantizer = 'output quantizer';

/** Undefined where it is not known. */
export function sameQuantizer(a: Quantizer | undefined, b: Quantizer | undefined): boolean | undefined {
  if (a?.scales.length === 0 || b?.scales.length === 0) return undefined;
  if (!a || !b) return a === b;
  return a.axis === b.axis && areSame(a.scales, b.scales) && areSame(a.zeroPoints, b.zeroPoints);
}

function areSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, at) => Object.is(value, b[at]));
}
