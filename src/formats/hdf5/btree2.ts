import { Malformed } from '../byteCursor.ts';
import { bytesFor, enter, readAddress, readLength, readNumber, type Hdf5File } from './file.ts';

const nodeHead = 10;
const maxDepth = 32;
/** More than any file has of links, attributes or chunks in one place. */
const maxRecords = 1_000_000;

interface Tree {
  readonly recordBytes: number;
  readonly nodeBytes: number;
  /** By height over the leaves: the size of the number of records of a node one lower, and of the number of those in all below it. */
  readonly countBytes: readonly number[];
  readonly totalBytes: readonly number[];
}

/** Visits the records of a B-tree of the second version, in order; `record` finds the cursor at each. */
export async function walkBtree2(
  file: Hdf5File,
  address: number,
  record: (recordBytes: number) => Promise<void>,
): Promise<void> {
  const { cursor } = file;
  await enter(file, address, 'BTHD');
  cursor.skip(1);
  const nodeBytes = await cursor.u32();
  const recordBytes = await cursor.u16();
  const depth = await cursor.u16();
  cursor.skip(2);
  const root = await readNumber(file, file.offsetBytes);
  const count = await cursor.u16();
  if ((await readLength(file)) > maxRecords || depth > maxDepth || recordBytes === 0) throw new Malformed();
  if (root === undefined) return;
  const tree = { nodeBytes, recordBytes, ...pointerSizes(file, nodeBytes, recordBytes, depth) };
  let left = maxRecords;

  async function visit(address: number, height: number, count: number): Promise<void> {
    left -= count + 1;
    if (left < 0) throw new Malformed();
    await enter(file, address, height === 0 ? 'BTLF' : 'BTIN');
    cursor.skip(1);
    const start = cursor.offset;
    const children: { address: number; count: number }[] = [];
    if (height > 0) {
      cursor.skip(count * recordBytes);
      for (let i = 0; i <= count; i++) children.push(await readChild(file, tree, height));
    }
    for (let i = 0; i <= count; i++) {
      const child = children[i];
      if (child) await visit(child.address, height - 1, child.count);
      if (i === count) break;
      cursor.moveTo(start + i * recordBytes);
      await record(recordBytes);
    }
  }

  await visit(root, depth, count);
}

async function readChild(
  file: Hdf5File,
  { countBytes, totalBytes }: Tree,
  height: number,
): Promise<{ address: number; count: number }> {
  const address = await readAddress(file);
  const count = (await readNumber(file, countBytes[height] ?? 0)) ?? Infinity;
  file.cursor.skip(totalBytes[height] ?? 0);
  return { address, count };
}

/** The width of numbers follows from how many records there can be. */
function pointerSizes(
  { offsetBytes }: Hdf5File,
  nodeBytes: number,
  recordBytes: number,
  depth: number,
): Pick<Tree, 'countBytes' | 'totalBytes'> {
  const most = Math.floor((nodeBytes - nodeHead) / recordBytes);
  if (most < 1) throw new Malformed();
  let total = most;
  const width = bytesFor(most);
  const countBytes = [0];
  const totalBytes = [0];
  for (let height = 1; height <= depth; height++) {
    countBytes.push(width);
    totalBytes.push(height === 1 ? 0 : bytesFor(total));
    const pointer = offsetBytes + width + (totalBytes[height] ?? 0);
    const records = Math.floor((nodeBytes - nodeHead - pointer) / (recordBytes + pointer));
    total = (records + 1) * total + records;
  }
  return { countBytes, totalBytes };
}
