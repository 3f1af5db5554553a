import { Malformed } from '../byteCursor.ts';
import { bytesFor, enter, readAddress, readLength, readNumber, type Hdf5File } from './file.ts';

/** Holds the links or attributes of an object that has many. */
export interface FractalHeap {
  readonly file: Hdf5File;
  readonly offsetBytes: number;
  readonly lengthBytes: number;
  readonly width: number;
  readonly firstBlock: number;
  readonly largestBlock: number;
  readonly root: number;
  /** 0 where the root is the only block. */
  readonly rows: number;
}

const maxRows = 64;
const maxDepth = 16;

/** @returns undefined for a heap that is compressed */
export async function openFractalHeap(file: Hdf5File, address: number): Promise<FractalHeap | undefined> {
  const { cursor } = file;
  await enter(file, address, 'FRHP');
  cursor.skip(2);
  const filterBytes = await cursor.u16();
  cursor.skip(1);
  const maxObject = await cursor.u32();
  // What is about large objects, free space and counts.
  cursor.skip(10 * file.lengthBytes + 2 * file.offsetBytes);
  const width = await cursor.u16();
  const firstBlock = await readLength(file);
  const largestBlock = await readLength(file);
  const offsetBytes = Math.ceil((await cursor.u16()) / 8);
  cursor.skip(2);
  const root = await readNumber(file, file.offsetBytes);
  const rows = await cursor.u16();
  if (width === 0 || firstBlock === 0 || rows > maxRows || offsetBytes > 8) throw new Malformed();
  if (filterBytes > 0 || root === undefined) return undefined;
  const lengthBytes = Math.min(Math.ceil(Math.log2(Math.max(2, largestBlock)) / 8), bytesFor(maxObject));
  return { file, offsetBytes, lengthBytes, width, firstBlock, largestBlock, root, rows };
}

/** Moves the cursor, which stands at the id of an object, to the object. @returns how long it is; undefined for one outside of the heap */
export async function enterObject(heap: FractalHeap): Promise<number | undefined> {
  const { file, offsetBytes, lengthBytes } = heap;
  const { cursor } = file;
  const flags = await cursor.u8();
  const kind = (flags >> 4) & 3;
  // In the id itself.
  if (kind === 2) return (flags & 15) + 1;
  if (kind !== 0) return undefined;
  const offset = (await readNumber(file, offsetBytes)) ?? Infinity;
  const length = (await readNumber(file, lengthBytes)) ?? Infinity;
  const start = await locate(heap, offset);
  cursor.moveTo(start);
  if (start + length > cursor.size) throw new Malformed();
  return length;
}

function blockSize({ firstBlock }: FractalHeap, row: number): number {
  return row === 0 ? firstBlock : firstBlock * 2 ** (row - 1);
}

/** Where in the file a place of the heap is: the blocks stand in a table whose rows double in size. */
async function locate(heap: FractalHeap, offset: number): Promise<number> {
  const { file, width, largestBlock } = heap;
  let block = heap.root;
  let { rows } = heap;
  let rest = offset;
  for (let depth = 0; rows > 0; depth++) {
    if (depth > maxDepth) throw new Malformed();
    let row = 0;
    while (row < rows && rest >= width * blockSize(heap, row)) rest -= width * blockSize(heap, row++);
    if (row === rows) throw new Malformed();
    const size = blockSize(heap, row);
    const column = Math.floor(rest / size);
    rest -= column * size;
    await enter(file, block, 'FHIB');
    file.cursor.skip(file.offsetBytes + heap.offsetBytes + (row * width + column) * file.offsetBytes);
    block = await readAddress(file);
    // A block that is too large to hold objects is a table of its own.
    rows = size <= largestBlock ? 0 : Math.log2(size / (heap.firstBlock * width)) + 1;
    if (!(rows >= 0 && rows <= maxRows)) throw new Malformed();
  }
  await enter(file, block, 'FHDB');
  return file.base + block + rest;
}
