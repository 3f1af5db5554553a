import { readNumber, type Hdf5File } from './file.ts';

/** More than any real array has. */
export const maxChunks = 1_000_000;

/** A block of an array, as it lies in the file. */
export interface Chunk {
  /** By dimension, in chunks. */
  readonly place: readonly number[];
  readonly start: number;
  /** Of what lies in the file. */
  readonly length: number;
  /** A bit for each filter that it did not go through. */
  readonly skipped: number;
}

/** What the ways of finding chunks have in common. */
export interface ChunkTask {
  readonly file: Hdf5File;
  readonly address: number;
  /** Bytes of a chunk that is not filtered. */
  readonly chunkBytes: number;
  readonly isFiltered: boolean;
  readonly rank: number;
  /** Where a chunk is by its number, `first` being the dimension that moves slowest. */
  placeOf(number: number, first?: number): readonly number[];
  /** The dimension that can grow without a limit. */
  readonly unlimited: number;
  add(chunk: Chunk): void;
}

/** Reads an entry of an array of chunks, as long as it says. */
export async function readEntry(
  task: ChunkTask,
  entryBytes: number,
  place: readonly number[],
): Promise<void> {
  const { file, chunkBytes, isFiltered } = task;
  const { cursor, offsetBytes, base } = file;
  const address = await readNumber(file, offsetBytes);
  const length = isFiltered ? ((await readNumber(file, entryBytes - offsetBytes - 4)) ?? 0) : chunkBytes;
  const skipped = isFiltered ? await cursor.u32() : 0;
  if (address !== undefined) task.add({ place, start: base + address, length, skipped });
}

/** @param most by dimension, how many chunks there can be; undefined without a limit */
export function chunkPlace(
  most: readonly (number | undefined)[],
  number: number,
  first: number,
): readonly number[] {
  const place = most.map(() => 0);
  let rest = number;
  for (let dimension = most.length - 1; dimension >= 0; dimension--) {
    if (dimension === first) continue;
    const count = Math.max(1, most[dimension] ?? 1);
    place[dimension] = rest % count;
    rest = Math.floor(rest / count);
  }
  place[first] = rest;
  return place;
}
