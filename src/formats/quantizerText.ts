import { createHash } from 'node:crypto';
import { float32Text } from './numberText.ts';
import type { Quantizer } from './quantizer.ts';

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
