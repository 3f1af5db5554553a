import { type FileHandle, open } from 'node:fs/promises';
import { cancelled, type Operation, throwIfCancelled } from '../core/operation.ts';
import { lasting } from './settled.ts';
import { type FileStamp, isUntouched, stampFrom, stampOf } from './stamp.ts';
import { systemError } from './systemError.ts';

/** A file that is open to be read whole. */
export interface SyncedFile {
  readonly handle: FileHandle;
  readonly stamp: FileStamp;
  /** To know the file by later. */
  readonly lastingStamp: FileStamp;
}

/**
 * Opens a file when all that was written to it is on the disk. Of a program that has it mapped, as np.memmap does, only the first write to
 * a page is dated until then: what it writes after the file was read would leave the stamp as it is.
 * @throws TrailError those of `stampOf`; `cancelled`, while the disk may still write
 */
export async function openSynced(path: string, operation: Pick<Operation, 'signal'>): Promise<SyncedFile> {
  const since = Date.now();
  // Opening a pipe would wait for ever.
  const before = await stampOf(path);
  const handle = await openToRead(path);
  // Windows has it for writers only, and some disks not at all: there the stamp has to do.
  const synced = handle.datasync().catch(() => {});
  try {
    await orCancelled(synced, operation);
    const stamp = stampFrom(await handle.stat({ bigint: true }));
    // Some systems date such writes just now. What was written after that is known by no stamp.
    const lastingStamp = isUntouched(before, stamp)
      ? lasting(stamp, since)
      : { ...stamp, ctimeNs: undefined };
    return { handle, stamp, lastingStamp };
  } catch (error) {
    void synced.then(() => handle.close()).catch(() => {});
    throw error;
  }
}

export function openToRead(path: string): Promise<FileHandle> {
  return open(path, 'r').catch((error: unknown) => {
    throw systemError(error, path);
  });
}

/** A large file may take the disk some seconds. */
function orCancelled(work: Promise<void>, operation: Pick<Operation, 'signal'>): Promise<void> {
  throwIfCancelled(operation);
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(cancelled());
    operation.signal.addEventListener('abort', leave, { once: true });
    void work.then(() => {
      operation.signal.removeEventListener('abort', leave);
      resolve();
    });
  });
}
