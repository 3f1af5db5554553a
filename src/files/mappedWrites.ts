import { statfs } from 'node:fs/promises';

// File systems that write nothing back to a disk, as Linux numbers them (statfs(2)).
const tmpfs = 0x01021994;
const ramfs = 0x858458f6;

/**
 * Whether a program that has a file mapped may change it without a trace in its times. Linux dates the first write to a page; the next
 * only when the page was on the disk meanwhile, and here it never is.
 */
export async function hidesMappedWrites(file: string): Promise<boolean> {
  // Where it cannot be told, as on systems that have no such numbers, it is a disk as most are.
  const type = (await statfs(file).catch(() => undefined))?.type;
  return type === tmpfs || type === ramfs;
}
