import { throwIfCancelled } from '../../core/operation.ts';
import type { RandomAccess } from '../randomAccess.ts';
import type { Chunk } from './chunkTask.ts';
import type { Dataset } from './dataset.ts';
import { canUndo, undoFilters } from './filters.ts';
import type { ChunkedLayout } from './layout.ts';

/** Of a row of chunks, which is put together in memory, in bytes. */
const maxRow = 64 * 2 ** 20;
const maxChunk = 32 * 2 ** 20;

interface Row {
  /** Sizes of the array but for the first, then the bytes of an element. */
  readonly sizes: readonly number[];
  readonly chunk: readonly number[];
  readonly elementBytes: number;
  /** Of one step of the first dimension. */
  readonly stepBytes: number;
  readonly chunkBytes: number;
}

function rowOf({ type, space }: Dataset, { chunk }: ChunkedLayout): Row {
  const elementBytes = (type.inner ?? []).reduce((product, size) => product * size, type.bytes);
  const sizes = space.shape ?? [];
  const stepBytes = sizes.slice(1).reduce((product, size) => product * size, elementBytes);
  const chunkBytes = chunk.reduce((product, size) => product * size, elementBytes);
  return { sizes, chunk, elementBytes, stepBytes, chunkBytes };
}

/** Whether the elements can be put in order in bounded memory. */
export function canReadChunks(dataset: Dataset, layout: ChunkedLayout): boolean {
  const { sizes, chunk, stepBytes, chunkBytes } = rowOf(dataset, layout);
  const fits = chunkBytes <= maxChunk && stepBytes * (chunk[0] ?? 1) <= maxRow;
  return fits && sizes.length > 0 && sizes.length === chunk.length && canUndo(dataset.filters);
}

/**
 * The elements of an array in chunks, the last dimension moving fastest, a row of chunks at a time.
 * @throws TrailError `damaged`, `cancelled`
 */
export async function* chunkedElements(
  access: RandomAccess,
  dataset: Dataset,
  layout: ChunkedLayout,
  chunks: readonly Chunk[],
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const row = rowOf(dataset, layout);
  const byRow = new Map<number, Chunk[]>();
  for (const chunk of chunks) {
    const number = chunk.place[0] ?? 0;
    const list = byRow.get(number);
    if (list) list.push(chunk);
    else byRow.set(number, [chunk]);
  }
  const steps = row.chunk[0] ?? 1;
  const count = row.sizes[0] ?? 0;
  for (let first = 0; first < count; first += steps) {
    const result = new Uint8Array(Math.min(steps, count - first) * row.stepBytes);
    if (dataset.fill)
      for (let at = 0; at < result.length; at += dataset.fill.length) result.set(dataset.fill, at);
    for (const { place, start, length, skipped } of byRow.get(first / steps) ?? []) {
      throwIfCancelled({ signal });
      const bytes = await access.read(start, Math.min(length, 2 * row.chunkBytes + 1024));
      copyChunk(undoFilters(bytes, dataset.filters, skipped, row.chunkBytes), place, row, result);
    }
    yield result;
  }
}

/** Copies what of a chunk is in the array to its place in the row. */
function copyChunk(bytes: Uint8Array, place: readonly number[], row: Row, result: Uint8Array): void {
  const { sizes, chunk, elementBytes } = row;
  const last = sizes.length - 1;
  const copy = (dimension: number, from: number, to: number, fromStep: number, toStep: number): void => {
    const size = chunk[dimension] ?? 1;
    // The row begins where the chunk does.
    const start = dimension === 0 ? 0 : (place[dimension] ?? 0) * size;
    const end = dimension === 0 ? result.length / row.stepBytes : (sizes[dimension] ?? 0);
    const count = Math.min(size, end - start);
    if (dimension === last) {
      const at = to + start * elementBytes;
      result.set(bytes.subarray(from, from + count * elementBytes), at);
      return;
    }
    const [fromNext, toNext] = [fromStep / size, toStep / (sizes[dimension] ?? 1)];
    for (let i = 0; i < count; i++) {
      copy(dimension + 1, from + i * fromNext, to + (start + i) * toNext, fromNext, toNext);
    }
  };
  copy(0, 0, 0, row.chunkBytes, row.stepBytes * (sizes[0] ?? 1));
}
