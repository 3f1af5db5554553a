import { type FileHandle, open, stat, utimes } from 'node:fs/promises';
import { systemCode } from '../core/errors.ts';

// What only the owner of a file may do. A disk that knows no owners takes all files for another user's, also those that one made oneself.

const refusals = new Set(['EPERM', 'EACCES', 'ENOSYS', 'ENOTSUP']);

function isRefused(error: unknown): boolean {
  return refusals.has(systemCode(error) ?? '');
}

/** Sets the mode of a file, where the disk lets us: it is a precaution. */
export async function setModeIfAllowed(handle: FileHandle, mode: number): Promise<void> {
  try {
    await handle.chmod(mode);
  } catch (error) {
    if (!isRefused(error)) throw error;
  }
}

/**
 * Dates a file. Where only its owner may, the disk dates it when its first byte is written again, which whoever may write can do; not one that is empty.
 * @param now by the clock of the disk, in milliseconds
 */
export async function dateFile(file: string, now: number): Promise<void> {
  try {
    await utimes(file, now / 1000, now / 1000);
  } catch (error) {
    if (!isRefused(error)) throw error;
    await writeFirstByteAgain(file);
  }
}

async function writeFirstByteAgain(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    const first = Buffer.alloc(1);
    const { bytesRead } = await handle.read(first, 0, 1, 0);
    await handle.write(first, 0, bytesRead, 0);
  } finally {
    await handle.close();
  }
  // Whoever moved it away meanwhile may have looked at its time before that.
  await stat(file);
}
