import type { FileHandle } from 'node:fs/promises';
import { systemCode } from '../core/errors.ts';
import {
  maxBlocksInPack,
  packMagic,
  readRecordHeader,
  recordHeaderBytes,
  recordMagicBytes,
} from './packFormat.ts';
import type { PlacedBlock } from './packIndex.ts';

const windowBytes = 1 << 20;

/** Where a pack has bytes that are no record: in them was what cannot be found any more. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/** Finds the blocks of a pack whose index is damaged by going from record to record; after a broken one, by looking for the next. */
export async function walkPack(
  handle: FileHandle,
  size: number,
): Promise<{ blocks: readonly PlacedBlock[]; gaps: readonly Gap[] }> {
  const blocks: PlacedBlock[] = [];
  const gaps: Gap[] = [];
  const window = new PackWindow(handle, size);
  let offset = packMagic.length;
  while (offset < size && blocks.length < maxBlocksInPack) {
    const entry = readRecordHeader(await window.at(offset, recordHeaderBytes), 0);
    const end = entry ? offset + recordHeaderBytes + entry.stored : 0;
    if (entry && end <= size) {
      blocks.push({
        ...entry,
        hash: Uint8Array.from(entry.hash),
        base: entry.base && Uint8Array.from(entry.base),
        offset,
      });
      offset = end;
      continue;
    }
    const next = await nextMagic(window, offset + 1, size);
    const last = gaps.at(-1);
    if (last?.to === offset) gaps[gaps.length - 1] = { from: last.from, to: next };
    else gaps.push({ from: offset, to: next });
    offset = next;
  }
  return { blocks, gaps };
}

async function nextMagic(window: PackWindow, from: number, size: number): Promise<number> {
  for (let offset = from; offset < size;) {
    const bytes = await window.at(offset, windowBytes);
    const found = bytes.indexOf(recordMagicBytes);
    if (found !== -1) return offset + found;
    // The magic may begin in one window and end in the next.
    offset += Math.max(1, bytes.length - recordMagicBytes.length + 1);
  }
  return size;
}

/** A part of the disk may be broken: then it is as if that part were damaged. */
export function unlessUnreadable(error: unknown): undefined {
  if (systemCode(error) !== 'EIO') throw error;
}

/** Reads a pack in large pieces, for somebody who goes through it in small steps. */
class PackWindow {
  readonly #handle: FileHandle;
  readonly #size: number;
  readonly #buffer = Buffer.alloc(2 * windowBytes);
  #from = 0;
  #to = 0;

  constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.#size = size;
  }

  /** Up to `length` bytes, fewer at the end; good until the next call. */
  async at(offset: number, length: number): Promise<Buffer> {
    const end = Math.min(offset + length, this.#size);
    if (offset < this.#from || end > this.#to) {
      const read = (bytes: number) =>
        this.#handle.read(this.#buffer, 0, bytes, offset).catch(unlessUnreadable);
      const found = (await read(this.#buffer.length)) ?? (await read(length));
      if (!found) this.#buffer.fill(0, 0, length);
      this.#from = offset;
      this.#to = offset + (found?.bytesRead ?? length);
    }
    return this.#buffer.subarray(offset - this.#from, Math.min(end, this.#to) - this.#from);
  }
}
