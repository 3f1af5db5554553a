import { constants } from 'node:fs';
import { copyFile, type FileHandle, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../core/errors.ts';
import type { Operation } from '../core/operation.ts';
import { temporaryBeside } from '../files/durable.ts';
import { changedWhileRead } from '../files/hash.ts';
import { openSynced } from '../files/openSynced.ts';
import { type FileStamp, sameStamp, stampFrom, stampOf } from '../files/stamp.ts';

/** A file whose bytes are those of one moment, or that can say that they were not. */
export interface Source {
  readonly handle: FileHandle;
  /** To know the file by later. */
  readonly stamp: FileStamp;
  /** To be called when all has been read. @throws TrailError `refused` when the file changed meanwhile */
  requireSame(): Promise<void>;
  close(): Promise<void>;
}

type OpenSource = (file: string, operation: Pick<Operation, 'signal'>) => Promise<Source>;

/**
 * Opens files to read them whole. Where the file system can share the blocks of two files, what is read is a clone in `temporaries`,
 * which nobody changes.
 */
export function sourceOpener(temporaries: string): OpenSource {
  let canClone = true;

  const clone = async (
    file: string,
    stamp: FileStamp,
    lastingStamp: FileStamp,
  ): Promise<Source | undefined> => {
    const copy = temporaryBeside(path.join(temporaries, path.basename(file)));
    const remove = (): Promise<void> => rm(copy, { force: true });
    try {
      await copyFile(file, copy, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE);
    } catch (error) {
      // The file itself can be read, unless it went away just now: what is wrong is wrong with the store.
      if (['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'ENOENT'].includes(systemCode(error) ?? '')) {
        await stampOf(file);
        throw error;
      }
      // This file system, or this pair of them, cannot; it is not asked again.
      canClone = false;
      await remove();
      return undefined;
    }
    try {
      // The clone is of one moment, if the file was the same before and after.
      if (!sameStamp(stamp, await stampOf(file))) throw changedWhileRead(file);
      const handle = await open(copy, 'r');
      return {
        handle,
        stamp: lastingStamp,
        requireSame: async () => {},
        close: () => handle.close().finally(remove),
      };
    } catch (error) {
      await remove();
      throw error;
    }
  };

  return async (file, operation) => {
    const { handle, stamp, lastingStamp } = await openSynced(file, operation);
    const requireSame = async (): Promise<void> => {
      const now = stampFrom(await handle.stat({ bigint: true }));
      if (!sameStamp(stamp, now) || !sameStamp(stamp, await stampOf(file))) throw changedWhileRead(file);
    };
    let cloned: Source | undefined;
    try {
      if (canClone && stamp.size > 0) cloned = await clone(file, stamp, lastingStamp);
    } catch (error) {
      await handle.close();
      throw error;
    }
    if (!cloned) return { handle, stamp: lastingStamp, requireSame, close: () => handle.close() };
    await handle.close();
    return cloned;
  };
}
