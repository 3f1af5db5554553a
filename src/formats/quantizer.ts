import { createHash } from 'node:crypto';
import { float32Text } from './numberText.ts';

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

/** Two that differ never read the same. */
export function quantizerText({ scales, zeroPoints, axis }: Quantizer): string {
  const [scale, zeroPoint] = [scales[0], zeroPoints[0]];
  if (scale === undefined || zeroPoint === undefined) return 'scale ?';
  if (axis === undefined) return `scale ${numberText(scale)}, zero point ${zeroPoint}`;
  const [least, most] = [scales.reduce(lesser), scales.reduce(greater)].map(numberText);
  const digest = createHash('sha256')
    .update(JSON.stringify([scales, zeroPoints]))
    .digest('hex')
    .slice(0, 12);
  return `${scales.length} scales along dimension ${axis}, ${least} to ${most} (${digest})`;
}

/** Many formats keep scales as 32-bit floats. */
function numberText(value: number): string {
  return Math.fround(value) === value ? float32Text(value) : String(value);
}

const lesser = (a: number, b: number): number => Math.min(a, b);
const greater = (a: number, b: number): number => Math.max(a, b);
