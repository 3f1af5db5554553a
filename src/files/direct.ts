import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/**
 * Reading and writing past the page cache, where the system can: large files then take a third of the time, and do not push out of
 * memory what others read. Positions, lengths and memory must be multiples of this many bytes.
 */
export const directUnit = 4096;

/** A second handle to an open file that goes past the page cache; undefined where there is no such thing. */
export async function openDirect(
  handle: FileHandle,
  access: 'read' | 'write',
): Promise<FileHandle | undefined> {
  if (process.platform !== 'linux') return undefined;
  const mode = access === 'read' ? constants.O_RDONLY : constants.O_WRONLY;
  return open(`/proc/self/fd/${handle.fd}`, mode | constants.O_DIRECT).catch(() => undefined);
}

/** Blocks that begin where a page does: WebAssembly's memory is the only one that is sure to. Undefined where there is none left. */
export function alignedBlocks(count: number, bytes: number): readonly Uint8Array[] | undefined {
  try {
    const pages = Math.ceil((count * bytes) / 65_536);
    const { buffer } = new WebAssembly.Memory({ initial: pages, maximum: pages });
    return Array.from({ length: count }, (_, index) => new Uint8Array(buffer, index * bytes, bytes));
  } catch {
    return undefined;
  }
}
