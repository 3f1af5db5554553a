import type { RandomAccess } from '../randomAccess.ts';
import { readSafetensors } from '../safetensors.ts';
import { elementBytesOf, type AddRange } from './range.ts';

export async function safetensorsRanges(access: RandomAccess, add: AddRange): Promise<void> {
  const { tensors } = await readSafetensors(access);
  for (const { name, shape, byteOffset, byteLength } of tensors) {
    const elements = shape.reduce((product, dimension) => product * dimension, 1);
    add({
      name,
      start: byteOffset,
      length: byteLength,
      elementBytes: elementBytesOf(byteLength / elements),
    });
  }
}
