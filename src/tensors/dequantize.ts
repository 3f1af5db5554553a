import * as l10n from '@vscode/l10n';
import type { TensorInfo } from '../formats/summary.ts';
import type { Numbers } from './decoder.ts';

/** Why what the stored numbers stand for cannot be told; undefined where it can, or where they stand for themselves. */
export function quantizerObstacle({ quantizer, shape }: TensorInfo): string | undefined {
  if (!quantizer) return undefined;
  const { scales, zeroPoints, axis } = quantizer;
  const needed = axis === undefined ? 1 : shape[axis];
  if (scales.length === needed && zeroPoints.length === needed) return undefined;
  return l10n.t('By what its whole numbers are to be multiplied could not be read.');
}

/** Turns stored numbers into what they stand for, in place. @param from how many elements of the tensor are before them */
export function dequantize(numbers: Numbers, { quantizer, shape }: TensorInfo, from: number): Numbers {
  if (!quantizer) return numbers;
  const { scales, zeroPoints, axis } = quantizer;
  // So many elements that follow each other have one scale.
  const run = axis === undefined ? Infinity : shape.slice(axis + 1).reduce((all, length) => all * length, 1);
  for (let at = 0; at < numbers.length;) {
    const index = Math.floor((from + at) / run);
    const end = Math.min(numbers.length, (index + 1) * run - from);
    const [scale, zeroPoint] = [scales[index % scales.length]!, zeroPoints[index % scales.length]!];
    for (; at < end; at++) numbers[at] = (numbers[at]! - zeroPoint) * scale;
  }
  return numbers;
}
