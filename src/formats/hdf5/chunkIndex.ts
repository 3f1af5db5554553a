import { Malformed } from '../byteCursor.ts';
import { walkBtree2 } from './btree2.ts';
import { chunkPlace, maxChunks, type Chunk, type ChunkTask } from './chunkTask.ts';
import type { Dataset } from './dataset.ts';
import { extensibleArrayChunks } from './extensibleArray.ts';
import { enter, readNumber, type Hdf5File } from './file.ts';
import { fixedArrayChunks } from './fixedArray.ts';
import type { ChunkedLayout } from './layout.ts';

const maxDepth = 32;

/** Where the chunks of an array are; none of those that were never written. @throws Malformed */
export async function readChunks(
  file: Hdf5File,
  { type, space, filters }: Dataset,
  layout: ChunkedLayout,
): Promise<readonly Chunk[]> {
  const { chunk, index, address } = layout;
  if (address === undefined || !space.shape) return [];
  const shape = space.shape;
  const chunks: Chunk[] = [];
  const counts = shape.map((size, i) => Math.ceil(size / (chunk[i] ?? 1)));
  // Numbers of chunks follow from how far the array may grow.
  const most = space.limits.map((limit, i) =>
    limit === undefined ? undefined : Math.ceil(limit / (chunk[i] ?? 1)),
  );
  const elements = chunk.reduce((product, size) => product * size, type.bytes);
  const inner = (type.inner ?? []).reduce((product, size) => product * size, 1);
  const task: ChunkTask = {
    file,
    address,
    chunkBytes: elements * inner,
    isFiltered: filters.length > 0,
    rank: shape.length,
    unlimited: Math.max(0, most.indexOf(undefined)),
    placeOf: (number, first = 0) => chunkPlace(most, number, first),
    add(found) {
      if (chunks.length === maxChunks) throw new Malformed();
      const inside = found.place.every((at, i) => at < (counts[i] ?? 0));
      if (inside && !(found.start + found.length <= file.cursor.size)) throw new Malformed();
      if (inside) chunks.push(found);
    },
  };
  switch (index.kind) {
    case 'single': {
      const { bytes = task.chunkBytes, skipped } = index;
      task.add({ place: shape.map(() => 0), start: file.base + address, length: bytes, skipped });
      break;
    }
    case 'implicit': {
      const count = most.reduce<number>((product, size) => product * (size ?? 1), 1);
      if (count > maxChunks) throw new Malformed();
      const { chunkBytes: length } = task;
      for (let i = 0; i < count; i++) {
        task.add({ place: task.placeOf(i), start: file.base + address + i * length, length, skipped: 0 });
      }
      break;
    }
    case 'btree1':
      await oldTreeChunks(task, chunk);
      break;
    case 'btree2':
      await treeChunks(task);
      break;
    case 'fixedArray':
      await fixedArrayChunks(task);
      break;
    case 'extensibleArray':
      await extensibleArrayChunks(task);
  }
  return chunks;
}

async function oldTreeChunks(task: ChunkTask, chunk: readonly number[]): Promise<void> {
  const { file, rank } = task;
  const { cursor, base } = file;
  let left = maxChunks;

  async function visit(address: number, depth: number): Promise<void> {
    if (depth > maxDepth || left-- === 0) throw new Malformed();
    await enter(file, address, 'TREE');
    const level = await cursor.u8();
    const count = await cursor.u16();
    cursor.skip(2 * file.offsetBytes);
    const children: number[] = [];
    for (let i = 0; i < count; i++) {
      const length = await cursor.u32();
      const skipped = await cursor.u32();
      const place: number[] = [];
      for (let j = 0; j < rank; j++) place.push((await cursor.u64()) / (chunk[j] ?? 1));
      cursor.skip(8);
      const address = await readNumber(file, file.offsetBytes);
      if (address === undefined || !place.every(Number.isInteger)) throw new Malformed();
      if (level > 0) children.push(address);
      else task.add({ place, start: base + address, length, skipped });
    }
    for (const child of children) await visit(child, depth + 1);
  }

  await visit(task.address, 0);
}

async function treeChunks(task: ChunkTask): Promise<void> {
  const { file, rank, chunkBytes, isFiltered } = task;
  const { cursor, base, offsetBytes } = file;
  await walkBtree2(file, task.address, async (recordBytes) => {
    const address = await readNumber(file, offsetBytes);
    const lengthBytes = recordBytes - offsetBytes - 4 - 8 * rank;
    const length = isFiltered ? ((await readNumber(file, lengthBytes)) ?? 0) : chunkBytes;
    const skipped = isFiltered ? await cursor.u32() : 0;
    const place: number[] = [];
    for (let i = 0; i < rank; i++) place.push(await cursor.u64());
    if (address !== undefined) task.add({ place, start: base + address, length, skipped });
  });
}
