import type { StoragePlace } from '../tensorStorage.ts';
import type { FoundTensor } from './foundTensor.ts';
import { arrayBytes, columnStrides } from './ndarray.ts';
import type { PyArray, Value } from './values.ts';

/** An array as it is listed and compared. */
export function arrayTensor(name: string, array: PyArray): FoundTensor {
  const { dtype, shape, rowMajor, offset, objects } = array;
  if (objects) {
    const bytes = textBytes(objects);
    return { name, dtype, shape, byteLength: bytes.length, place: { kind: 'bytes', bytes } };
  }
  const strides = rowMajor ? undefined : columnStrides(shape);
  return {
    name,
    dtype,
    shape,
    byteLength: arrayBytes(array),
    inline: offset,
    place: placeOf(array),
    strides,
  };
}

/** Python objects have no bytes of their own: names of features and classes are the same where they say the same. */
function textBytes(objects: readonly Value[]): Uint8Array {
  const texts = objects.map((item) => (typeof item === 'string' ? JSON.stringify(item) : String(item)));
  return Buffer.from(texts.join('\n'));
}

/** Of an array that the pickle does not hold as bytes: where its container has it, or the bytes that a text stood for. */
function placeOf(array: PyArray): StoragePlace | undefined {
  if (array.place || !array.head || array.offset !== undefined) return array.place;
  const bytes = array.head;
  return bytes.length === arrayBytes(array) ? { kind: 'bytes', bytes } : undefined;
}
