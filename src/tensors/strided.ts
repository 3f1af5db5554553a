import { throwIfCancelled } from '../core/operation.ts';
import { pieceBytes } from './storedBytes.ts';

/** Elements that do not lie in the order of their indices. */
export interface Strided {
  readonly shape: readonly number[];
  /** By dimension, in elements. */
  readonly strides: readonly number[];
  /** Of an element, in bytes. */
  readonly width: number;
}

/** What is kept in memory at once where elements lie all over the storage, in bytes. */
const maxWhole = 128 * 2 ** 20;
/** Where they lie in parts. */
const maxPart = 4 * 2 ** 20;
/** So much more than the elements may be read to get at them. */
const maxWaste = 16;
const maxRepeated = 2 ** 30;
/** What a disk reads at least. */
const leastRead = 4096;

/** From the first element of the dimensions from `level` on to after their last, in elements. */
export function extentOf({ shape, strides }: Strided, level: number): number {
  let extent = 1;
  for (let at = level; at < shape.length; at++) extent += (shape[at]! - 1) * strides[at]!;
  return extent;
}

/** How many of the first dimensions are gone through one by one, so that the rest can be read at once; undefined where that is too much. */
export function partLevel(layout: Strided): number | undefined {
  const { shape, width } = layout;
  const elements = shape.reduce((product, length) => product * length, 1);
  // One element can be repeated a million million times.
  if (elements * width > maxRepeated + maxWaste * extentOf(layout, 0) * width) return undefined;
  for (let level = 0; level <= shape.length; level++) {
    if (extentOf(layout, level) * width > (level === 0 ? maxWhole : maxPart)) continue;
    return bytesRead(layout, level) <= maxWaste * elements * width + maxWhole ? level : undefined;
  }
  return undefined;
}

/** What it takes to read all parts. */
function bytesRead(layout: Strided, level: number): number {
  const { shape, strides, width } = layout;
  const inner = extentOf(layout, level);
  if (level === 0) return inner * width;
  const [length, stride] = [shape[level - 1]!, strides[level - 1]!];
  let runs = 1;
  for (let at = 0; at < level - 1; at++) runs *= shape[at]!;
  return partsTogether(layout, level) > 1
    ? runs * ((length - 1) * stride + inner) * width
    : runs * length * Math.max(leastRead, inner * width);
}

/** Parts that lie close to each other are read at once. */
function partsTogether(layout: Strided, level: number): number {
  const { shape, strides, width } = layout;
  const [length, stride] = [shape[level - 1]!, strides[level - 1]!];
  if (stride === 0) return length;
  return 1 + Math.max(0, Math.floor((maxPart / width - extentOf(layout, level)) / stride));
}

/**
 * The elements in the order of their indices.
 * @param read gives a part of the storage, by bytes from the first element
 */
export async function* gathered(
  layout: Strided,
  read: (start: number, end: number) => Promise<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { shape, strides, width } = layout;
  const level = partLevel(layout);
  if (level === undefined || shape.includes(0)) return;
  const inner = extentOf(layout, level);
  if (level === 0) {
    yield* inOrder(await read(0, inner * width), layout, signal);
    return;
  }
  const [length, stride] = [shape[level - 1]!, strides[level - 1]!];
  const together = partsTogether(layout, level);
  for (const offset of offsets(shape.slice(0, level - 1), strides)) {
    for (let from = 0; from < length; from += together) {
      const count = Math.min(together, length - from);
      const start = offset + from * stride;
      const part = await read(start * width, (start + (count - 1) * stride + inner) * width);
      const partShape = [count, ...shape.slice(level)];
      yield* inOrder(part, { shape: partShape, strides: strides.slice(level - 1), width }, signal);
    }
  }
}

/** Of every combination of indices, in order. */
function* offsets(shape: readonly number[], strides: readonly number[]): Generator<number> {
  const index = shape.map(() => 0);
  for (let offset = 0; ;) {
    yield offset;
    let at = shape.length - 1;
    for (; at >= 0; at--) {
      offset += strides[at]!;
      if (++index[at]! < shape[at]!) break;
      offset -= shape[at]! * strides[at]!;
      index[at] = 0;
    }
    if (at < 0) return;
  }
}

/** Elements of a part of the storage that is in memory. */
function* inOrder(
  bytes: Uint8Array,
  { shape, strides, width }: Strided,
  signal: AbortSignal,
): Generator<Uint8Array> {
  // Bit patterns are copied, not numbers: a NaN must stay the one that it is.
  const unit = width >= 4 ? 4 : width;
  const words = wordsOf(bytes, unit);
  const each = width / unit;
  const elements = shape.reduce((product, length) => product * length, 1);
  const room = Math.min(elements, Math.floor(pieceBytes / width));
  const piece = wordsOf(new Uint8Array(room * width), unit);
  const last = shape.length - 1;
  const [length, stride] = [shape[last] ?? 1, (strides[last] ?? 0) * each];
  let filled = 0;
  for (const offset of offsets(shape.slice(0, Math.max(0, last)), strides)) {
    let from = offset * each;
    for (let left = length; left > 0;) {
      const count = Math.min(left, room - filled);
      let to = filled * each;
      for (let i = 0; i < count; i++, from += stride) {
        for (let word = 0; word < each; word++) piece[to++] = words[from + word]!;
      }
      left -= count;
      filled += count;
      if (filled < room) continue;
      throwIfCancelled({ signal });
      yield new Uint8Array(piece.buffer);
      filled = 0;
    }
  }
  if (filled > 0) yield new Uint8Array(piece.buffer, 0, filled * width);
}

function wordsOf(bytes: Uint8Array, unit: number): Uint8Array | Uint16Array | Uint32Array {
  const { buffer, byteOffset, byteLength } = bytes.byteOffset % unit === 0 ? bytes : new Uint8Array(bytes);
  if (unit === 4) return new Uint32Array(buffer, byteOffset, byteLength / 4);
  return unit === 2 ? new Uint16Array(buffer, byteOffset, byteLength / 2) : bytes;
}
