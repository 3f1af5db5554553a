import { type FileHandle, open } from 'node:fs/promises';
import { packMagic, trailerBytes } from './packFormat.ts';
import { indexStart, parseIndex, type PlacedBlock } from './packIndex.ts';
import { unlessUnreadable, walkPack } from './packWalk.ts';

/** What is wrong with a file of the store, and where. */
export interface Damage {
  readonly file: string;
  readonly part: 'start' | 'index' | 'record' | 'recipe';
  /** In the file, in bytes. */
  readonly from: number;
  readonly to: number;
}

interface LoadedPack {
  readonly size: number;
  readonly blocks: Iterable<PlacedBlock>;
  readonly damages: readonly Damage[];
}

/** Reads what a pack holds: by its index, or, where that is damaged, by its records. Throws what the system says. */
export async function loadPack(file: string): Promise<LoadedPack> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const damages: Damage[] = [];
    const start = await readExactly(handle, 0, Math.min(packMagic.length, size));
    if (!start.equals(packMagic)) damages.push({ file, part: 'start', from: 0, to: packMagic.length });
    const index = await readIndex(handle, size).catch(unlessUnreadable);
    if (index) return { size, blocks: index.blocks(), damages };
    const { blocks, gaps } = await walkPack(handle, size);
    const lastGap = gaps.at(-1);
    for (const gap of gaps) {
      // The index is no record: it is the gap at the end.
      const part = gap === lastGap && gap.to === size ? 'index' : 'record';
      damages.push({ file, part, ...gap });
    }
    if (damages.length === 0) damages.push({ file, part: 'index', from: size, to: size });
    return { size, blocks, damages };
  } finally {
    await handle.close();
  }
}

async function readIndex(handle: FileHandle, size: number) {
  if (size < packMagic.length + trailerBytes) return undefined;
  const trailer = await readExactly(handle, size - trailerBytes, trailerBytes);
  const start = indexStart(trailer, size);
  if (start === undefined || start < packMagic.length) return undefined;
  return parseIndex(await readExactly(handle, start, size - start), start);
}

async function readExactly(handle: FileHandle, from: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await handle.read(bytes, 0, length, from);
  return bytes.subarray(0, bytesRead);
}
