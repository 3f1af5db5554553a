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
  /** The chunk at a place in the order of the last dimension moving fastest, as many as there can be. */
  placeOf(number: number): readonly number[];
  /** @param unlimited the dimension that the order goes by first, in place of the first one */
  placeAlong(unlimited: number, number: number): readonly number[];
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
