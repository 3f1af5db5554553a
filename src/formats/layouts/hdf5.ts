import { Malformed, type ByteCursor } from '../byteCursor.ts';
import type { Part } from '../hdf5/file.ts';
import { readContents } from '../hdf5/walk.ts';
import { SummaryDraft } from '../summaryDraft.ts';
import { readZipDirectory, zipDataOffset } from '../zip.ts';
import { elementBytesOf, type AddRange } from './range.ts';

/** What is compressed in small pieces is better cut by its content. */
const leastShare = 0.5;

/** The arrays that lie in one piece, where they make up most of the file. */
export async function hdf5Ranges(cursor: ByteCursor, add: AddRange): Promise<void> {
  await addArrays(cursor, { start: 0, size: cursor.size }, add);
}

/** The weights of a model of Keras, which are in a file of HDF5 within. */
export async function kerasRanges(cursor: ByteCursor, add: AddRange): Promise<void> {
  const { entries } = await readZipDirectory(cursor);
  for (const entry of entries) {
    if (!entry.name.endsWith('.weights.h5') || entry.method !== 0) continue;
    const start = await zipDataOffset(cursor, entry);
    await addArrays(cursor, { start, size: entry.compressedSize }, add);
  }
}

async function addArrays(cursor: ByteCursor, part: Part, add: AddRange): Promise<void> {
  // What is broken about the others is of no interest here.
  const { tensors } = await readContents(new SummaryDraft(), cursor, part);
  const bytes = tensors.reduce(
    (sum, { byteOffset, byteLength = 0 }) => sum + (byteOffset ? byteLength : 0),
    0,
  );
  if (bytes < leastShare * part.size) throw new Malformed();
  for (const { name, shape, byteOffset: start, byteLength: length } of tensors) {
    if (start === undefined || !length) continue;
    const elements = shape.reduce((product, size) => product * size, 1);
    add({ name, start, length, elementBytes: elementBytesOf(length / elements) });
  }
}
