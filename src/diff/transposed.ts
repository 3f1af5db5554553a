import { elementCount } from '../formats/numberText.ts';
import type { TensorInfo } from '../formats/summary.ts';
import type { Readers } from './compareTensors.ts';
import { DifferenceSums } from './differenceSums.ts';

/** So many are held in memory at once: 64 MiB for both sides. */
const maxElements = 4_000_000;

interface Pair {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
}

/** Whether one may be the transpose of the other, and small enough to find out. */
export function transposable({ a, b }: Pair): boolean {
  const [rows = 1, columns = 1] = a.shape;
  return (
    a.shape.length === 2 &&
    b.shape.length === 2 &&
    b.shape[0] === columns &&
    b.shape[1] === rows &&
    Math.min(rows, columns) > 1 &&
    rows * columns <= maxElements
  );
}

/** Compares the transpose of `a` with `b`. */
export async function readTransposed(
  readers: Readers,
  { a, b }: Pair,
  signal: AbortSignal,
): Promise<DifferenceSums> {
  const [rows = 1, columns = 1] = a.shape;
  const plain = await readAll(readers.a.tensors.numbers(a, signal), a);
  const transposed = new Float64Array(plain.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      transposed[column * rows + row] = plain[row * columns + column] as number;
  }
  const sums = new DifferenceSums();
  sums.add(transposed, await readAll(readers.b.tensors.numbers(b, signal), b));
  return sums;
}

async function readAll(
  pieces: AsyncIterable<Float32Array | Float64Array>,
  { shape }: TensorInfo,
): Promise<Float64Array> {
  const all = new Float64Array(elementCount(shape) ?? 0);
  let at = 0;
  for await (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
