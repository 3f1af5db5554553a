import { TrailError } from '../core/errors.ts';
import type { ContentId } from '../core/facts.ts';
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
 * can be stopped or killed at any moment. A damaged one is left alone.
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
      throw error;
    }
    if (!(await isWhole(id))) continue;
    await whole.remove(id);
    migrated++;
  }
  return migrated;
}
