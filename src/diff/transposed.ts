import { elementCount } from '../formats/numberText.ts';
import type { TensorInfo } from '../formats/summary.ts';
import type { Readers } from './compareTensors.ts';
import { DifferenceSums } from './differenceSums.ts';
import { elementsIn, partsKind } from './elementParts.ts';

/** So many are held in memory at once: 64 MiB for both sides, or twice that of complex elements. */
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
  const kind = partsKind({ a, b });
  const width = kind ? 2 : 1;
  const plain = await readAll(elementsIn(kind, readers.a.tensors, a, signal), a, width);
  const transposed = new Float64Array(plain.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [to, from] = [(column * rows + row) * width, (row * columns + column) * width];
      for (let part = 0; part < width; part++) transposed[to + part] = plain[from + part] as number;
    }
  }
  const sums = new DifferenceSums(kind);
  sums.add(transposed, await readAll(elementsIn(kind, readers.b.tensors, b, signal), b, width));
  return sums;
}

async function readAll(
  pieces: AsyncIterable<Float32Array | Float64Array>,
  { shape }: TensorInfo,
  width: number,
): Promise<Float64Array> {
  const all = new Float64Array(width * (elementCount(shape) ?? 0));
  let at = 0;
  for await (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
