import { Malformed } from '../byteCursor.ts';
import { maxChunks, readEntry, type ChunkTask } from './chunkTask.ts';
import { enter, readAddress, readLength, readNumber } from './file.ts';

const checksum = 4;

/** The chunks of an array that grows along one dimension: blocks of a table, which get longer. */
export async function extensibleArrayChunks(task: ChunkTask): Promise<void> {
  const { file, unlimited } = task;
  const { cursor, offsetBytes } = file;
  await enter(file, task.address, 'EAHD');
  cursor.skip(1);
  const entryBytes = await cursor.u8();
  const maxBits = await cursor.u8();
  const inIndex = await cursor.u8();
  const leastEntries = await cursor.u8();
  const leastPointers = await cursor.u8();
  const pageBits = await cursor.u8();
  cursor.skip(4 * file.lengthBytes);
  // One more than the highest that was ever set.
  const count = await readLength(file);
  cursor.skip(file.lengthBytes);
  const address = await readNumber(file, offsetBytes);
  const sound = leastEntries > 0 && leastPointers > 0 && maxBits <= 64 && pageBits < 32;
  if (!sound || count > maxChunks) throw new Malformed();
  if (address === undefined) return;

  const blockOffsetBytes = Math.ceil(maxBits / 8);
  const pageEntries = 2 ** pageBits;
  const perSuper = 2 * Math.log2(leastPointers);
  const pointers = 2 * (leastPointers - 1);
  const supers = 1 + maxBits - Math.log2(leastEntries);
  if (!Number.isInteger(perSuper) || !Number.isInteger(supers)) throw new Malformed();

  let number = 0;
  const readEntries = async (entries: number): Promise<void> => {
    const end = number + entries;
    for (; number < end && number < count; number++) {
      await readEntry(task, entryBytes, task.placeOf(number, unlimited));
    }
    number = end;
  };

  await enter(file, address, 'EAIB');
  cursor.skip(1);
  await readAddress(file);
  await readEntries(inIndex);
  cursor.moveTo(file.base + address + 6 + offsetBytes + inIndex * entryBytes);
  const blocks: (number | undefined)[] = [];
  for (let i = 0; i < pointers; i++) blocks.push(await readNumber(file, offsetBytes));
  const superBlocks: (number | undefined)[] = [];
  for (let i = perSuper; i < supers; i++) superBlocks.push(await readNumber(file, offsetBytes));

  const readBlock = async (
    address: number | undefined,
    entries: number,
    isWritten: (page: number) => boolean = () => true,
  ): Promise<void> => {
    const first = number;
    number = first + entries;
    if (address === undefined || first >= count) return;
    await enter(file, address, 'EADB');
    cursor.skip(1 + offsetBytes + blockOffsetBytes);
    const start = cursor.offset + checksum;
    if (entries <= pageEntries) {
      number = first;
      return readEntries(entries);
    }
    for (let page = 0; page * pageEntries < entries; page++) {
      number = first + page * pageEntries;
      if (number >= count) break;
      if (!isWritten(page)) continue;
      cursor.moveTo(start + page * (pageEntries * entryBytes + checksum));
      await readEntries(pageEntries);
    }
    number = first + entries;
  };

  const blocksOf = (level: number): number => 2 ** Math.floor(level / 2);
  const entriesOf = (level: number): number => leastEntries * 2 ** Math.floor((level + 1) / 2);
  let next = 0;
  for (let level = 0; level < perSuper; level++) {
    for (let i = 0; i < blocksOf(level); i++) await readBlock(blocks[next++], entriesOf(level));
  }
  for (let level = perSuper; level < supers && number < count; level++) {
    const superBlock = superBlocks[level - perSuper];
    const [blockCount, entries] = [blocksOf(level), entriesOf(level)];
    if (superBlock === undefined) {
      number += blockCount * entries;
      continue;
    }
    await enter(file, superBlock, 'EASB');
    cursor.skip(1 + offsetBytes + blockOffsetBytes);
    const pages = entries > pageEntries ? Math.ceil(entries / pageEntries) : 0;
    // A bit for each page, those of one block right after those of the one before.
    const map = await cursor.bytes(blockCount * Math.ceil(pages / 8), maxChunks);
    const addresses: (number | undefined)[] = [];
    for (let i = 0; i < blockCount; i++) addresses.push(await readNumber(file, offsetBytes));
    for (const [i, block] of addresses.entries()) {
      await readBlock(block, entries, (page) => {
        const bit = i * pages + page;
        return ((map[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0;
      });
    }
  }
}
