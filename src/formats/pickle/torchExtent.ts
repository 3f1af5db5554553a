import { elementCount } from '../numberText.ts';
import type { TorchTensor } from './torchTensor.ts';

/** Whether the elements lie one after the other, rows first. */
export function isContiguous({ shape, strides }: TorchTensor): boolean {
  if (!strides || shape.includes(0)) return true;
  let expected = 1;
  for (let at = shape.length - 1; at >= 0; at--) {
    if (shape[at] === 1) continue;
    if (strides[at] !== expected) return false;
    expected *= shape[at] ?? 1;
  }
  return true;
}

/** Of its elements, in bytes. */
export function tensorBytes({ shape, type }: TorchTensor): number | undefined {
  const count = elementCount(shape);
  return count === undefined || type.bytes === 0 ? undefined : count * type.bytes;
}

/** How far into its storage a tensor reaches, in bytes. */
export function tensorEnd({ shape, strides, type, offset }: TorchTensor): number {
  if (shape.includes(0)) return offset;
  const last = shape.reduce((sum, length, at) => sum + (length - 1) * (strides?.[at] ?? 0), 0);
  return offset + (last + 1) * type.bytes;
}
