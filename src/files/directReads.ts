import type { FileHandle } from 'node:fs/promises';
import { systemCode } from '../core/errors.ts';
import { alignedBlocks, directUnit } from './direct.ts';

/** Below this the page cache is as good. */
const directFrom = 256 << 10;
const blockBytes = (1 << 20) + (64 << 10);
/** Shared by all who read; with none left, a read goes through the page cache. */
const blockCount = 20;

let free: Uint8Array[] | undefined;

/**
 * Reads `length` bytes past the page cache and hands them to `take`, which must not keep them.
 * @returns false when it could not be done so, and nothing was taken
 */
export async function readDirect(
  handle: FileHandle,
  position: number,
  length: number,
  take: (bytes: Uint8Array) => void,
): Promise<boolean> {
  const from = position - (position % directUnit);
  const end = Math.ceil((position + length) / directUnit) * directUnit;
  if (length < directFrom || end - from > blockBytes) return false;
  free ??= [...(alignedBlocks(blockCount, blockBytes) ?? [])];
  const block = free.pop();
  if (!block) return false;
  try {
    const { bytesRead } = await handle.read(block, 0, end - from, from);
    const skipped = position - from;
    if (bytesRead < skipped + length) return false;
    take(block.subarray(skipped, skipped + length));
    return true;
  } catch (error) {
    // Some file systems can open a file so, but not read it.
    if (systemCode(error) === 'EINVAL') return false;
    throw error;
  } finally {
    free.push(block);
  }
}
