import { TrailError } from '../core/errors.ts';
import type { ContentId } from '../core/facts.ts';
import { contentOf } from '../files/hash.ts';
import { type Operation, throwIfCancelled } from '../core/operation.ts';
import type { WholeFiles } from './wholeFiles.ts';

export interface Migration {
  readonly whole: WholeFiles;
  /** Keeps the bytes of a file as blocks, if they are those of `id`. @throws TrailError `damaged` */
  keep(file: string, id: ContentId): Promise<void>;
  /** Whether a content can be read from its blocks, all of it. */
  isWhole(id: ContentId): Promise<boolean>;
}

/**
 * Turns whole files of the first layout into blocks. Each is removed when its blocks are on the disk and have been read back, so that it
 * can be stopped or killed at any moment. One that is damaged, or cannot be read, is left alone.
 * @returns how many were turned into blocks
 */
export async function migrateWholeFiles(
  { whole, keep, isWhole }: Migration,
  operation: Operation,
): Promise<number> {
  let migrated = 0;
  for await (const id of whole.list()) {
    throwIfCancelled(operation);
    try {
      await keep(whole.fileOf(id), id);
    } catch (error) {
      // Another process may have done it since they were listed, and what is no file is nothing to keep.
      if (TrailError.is(error, 'damaged', 'notFound', 'refused')) continue;
      // One that cannot be read is in nobody's way; a store that cannot be written to is.
      if (TrailError.is(error, 'io') && !(await canBeRead(whole.fileOf(id), operation))) continue;
      throw error;
    }
    if (!(await isWhole(id))) continue;
    await whole.remove(id);
    migrated++;
  }
  return migrated;
}

async function canBeRead(file: string, operation: Operation): Promise<boolean> {
  try {
    for await (const _chunk of contentOf(file)) throwIfCancelled(operation);
    return true;
  } catch (error) {
    if (TrailError.is(error, 'cancelled')) throw error;
    return false;
  }
}
