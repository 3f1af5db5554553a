import { Malformed } from '../byteCursor.ts';
import { maxChunks, readEntry, type ChunkTask } from './chunkTask.ts';
import { enter, readAddress, readLength, readNumber } from './file.ts';

const checksum = 4;

/** The chunks of an array that does not grow: a table, in pages where it is long. */
export async function fixedArrayChunks(task: ChunkTask): Promise<void> {
  const { file } = task;
  const { cursor } = file;
  await enter(file, task.address, 'FAHD');
  cursor.skip(1);
  const entryBytes = await cursor.u8();
  const pageBits = await cursor.u8();
  const count = await readLength(file);
  if (count > maxChunks || pageBits > 31) throw new Malformed();
  const address = await readNumber(file, file.offsetBytes);
  if (address === undefined) return;
  await enter(file, address, 'FADB');
  cursor.skip(1);
  await readAddress(file);
  const pageEntries = 2 ** pageBits;
  if (count <= pageEntries) {
    for (let i = 0; i < count; i++) await readEntry(task, entryBytes, task.placeOf(i));
    return;
  }
  const pages = Math.ceil(count / pageEntries);
  const written = await cursor.bytes(Math.ceil(pages / 8), maxChunks);
  const start = cursor.offset + checksum;
  for (let page = 0; page < pages; page++) {
    if (((written[page >> 3] ?? 0) & (0x80 >> (page & 7))) === 0) continue;
    cursor.moveTo(start + page * (pageEntries * entryBytes + checksum));
    const end = Math.min(count, (page + 1) * pageEntries);
    for (let i = page * pageEntries; i < end; i++) await readEntry(task, entryBytes, task.placeOf(i));
  }
}
