import { Malformed } from '../byteCursor.ts';
import { readNumber, type Hdf5File } from './file.ts';

/** How an array is kept. Addresses are absent for what was never written. */
export type Layout =
  | { readonly kind: 'range'; readonly start?: number; readonly length: number }
  | ChunkedLayout
  | { readonly kind: 'virtual' };

export interface ChunkedLayout {
  readonly kind: 'chunked';
  /** Of a chunk, in elements. */
  readonly chunk: readonly number[];
  readonly index: ChunkIndexKind;
  readonly address?: number;
}

export type ChunkIndexKind =
  | { readonly kind: 'btree1' | 'implicit' | 'fixedArray' | 'extensibleArray' | 'btree2' }
  /** `bytes` where it is filtered. */
  | { readonly kind: 'single'; readonly bytes?: number; readonly skipped: number };

const maxRank = 33;

/** Reads the message that the cursor stands at. */
export async function readLayout(file: Hdf5File): Promise<Layout> {
  const { cursor } = file;
  const version = await cursor.u8();
  if (version < 3) return readOldLayout(file);
  const kind = await cursor.u8();
  if (kind === 0) {
    const length = await cursor.u16();
    return { kind: 'range', start: cursor.offset, length };
  }
  if (kind === 1) return readRange(file);
  if (kind === 3) return { kind: 'virtual' };
  if (kind !== 2) throw new Malformed();
  if (version === 3) {
    const rank = await cursor.u8();
    const address = await readNumber(file, file.offsetBytes);
    return { kind: 'chunked', chunk: await readChunk(file, rank, 4), index: { kind: 'btree1' }, address };
  }
  const flags = await cursor.u8();
  const rank = await cursor.u8();
  const chunk = await readChunk(file, rank, await cursor.u8());
  const index = await readIndex(file, flags);
  return { kind: 'chunked', chunk, index, address: await readNumber(file, file.offsetBytes) };
}

async function readRange(file: Hdf5File): Promise<Layout> {
  const address = await readNumber(file, file.offsetBytes);
  const length = (await readNumber(file, file.lengthBytes)) ?? Infinity;
  return { kind: 'range', start: address === undefined ? undefined : file.base + address, length };
}

/** The dimensions, and last the bytes of an element. */
async function readChunk(file: Hdf5File, rank: number, width: number): Promise<readonly number[]> {
  if (rank < 1 || rank > maxRank) throw new Malformed();
  const sizes: number[] = [];
  for (let i = 0; i < rank; i++) sizes.push((await readNumber(file, width)) ?? 0);
  if (sizes.includes(0)) throw new Malformed();
  return sizes.slice(0, -1);
}

async function readIndex({ cursor, lengthBytes, ...file }: Hdf5File, flags: number): Promise<ChunkIndexKind> {
  switch (await cursor.u8()) {
    case 1:
      if ((flags & 2) === 0) return { kind: 'single', skipped: 0 };
      return {
        kind: 'single',
        bytes: (await readNumber({ cursor, lengthBytes, ...file }, lengthBytes)) ?? Infinity,
        skipped: await cursor.u32(),
      };
    case 2:
      return { kind: 'implicit' };
    case 3:
      cursor.skip(1);
      return { kind: 'fixedArray' };
    case 4:
      cursor.skip(5);
      return { kind: 'extensibleArray' };
    case 5:
      cursor.skip(6);
      return { kind: 'btree2' };
    default:
      throw new Malformed();
  }
}

/** As it was until 2003. */
async function readOldLayout(file: Hdf5File): Promise<Layout> {
  const { cursor } = file;
  const rank = await cursor.u8();
  const kind = await cursor.u8();
  cursor.skip(5);
  if (kind === 0) {
    cursor.skip(4 * rank);
    const length = await cursor.u32();
    return { kind: 'range', start: cursor.offset, length };
  }
  const address = await readNumber(file, file.offsetBytes);
  if (kind === 2) {
    return { kind: 'chunked', chunk: await readChunk(file, rank, 4), index: { kind: 'btree1' }, address };
  }
  let length = 1;
  for (let i = 0; i < rank; i++) length *= await cursor.u32();
  // The last size is that of an element here too.
  length *= await cursor.u32();
  return { kind: 'range', start: address === undefined ? undefined : file.base + address, length };
}
