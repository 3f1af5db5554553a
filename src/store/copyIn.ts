import { constants } from 'node:fs';
import { copyFile, open, rm } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { systemCode } from '../core/errors.ts';
import type { Operation } from '../core/operation.ts';
import { writeNew } from '../files/durable.ts';
import { requireSpace } from '../files/freeSpace.ts';
import { changedWhileRead, hashFile, type HashedFile, readWhole, writeAndHash } from '../files/hash.ts';
import { sameStamp, stampOf } from '../files/stamp.ts';

const objectMode = 0o444;

/**
 * Copies files into one folder, read-only and durable, and takes their SHA-256 in the same pass. Where the file system can share
 * the blocks of two files, nothing is written at all.
 */
export function copierInto(
  folder: string,
): (file: string, copy: string, operation: Operation) => Promise<HashedFile> {
  let canClone = true;

  const clone = async (file: string, copy: string, operation: Operation): Promise<HashedFile | undefined> => {
    const stamp = await stampOf(file);
    try {
      await copyFile(file, copy, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE);
    } catch (error) {
      if (['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'ENOENT'].includes(systemCode(error) ?? '')) throw error;
      // This file system, or this pair of them, cannot; it is not asked again.
      canClone = false;
      await rm(copy, { force: true });
      return undefined;
    }
    // The copy is of one moment, if the file was the same before and after.
    if (!sameStamp(stamp, await stampOf(file))) throw changedWhileRead(file);
    const hashed = await hashFile(copy, operation, labelOf(file));
    const handle = await open(copy, 'r+');
    try {
      await handle.chmod(objectMode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return { ...hashed, stamp };
  };

  return async (file, copy, operation) => {
    const cloned = canClone ? await clone(file, copy, operation) : undefined;
    if (cloned) return cloned;
    return readWhole(file, async (chunks, stamp) => {
      await requireSpace(folder, stamp.size);
      return writeNew(copy, async (handle) => {
        const hashed = await writeAndHash(handle, chunks, operation, {
          label: labelOf(file),
          total: stamp.size,
        });
        await handle.chmod(objectMode);
        return hashed;
      });
    });
  };
}

function labelOf(file: string): string {
  return l10n.t('Recording {0}', path.basename(file));
}
