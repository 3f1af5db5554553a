import { lstat } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { messageOf, TrailError } from '../core/errors.ts';
import type { ListedFile } from '../core/listing.ts';
import type { Operation } from '../core/operation.ts';
import { directoryFiles, listingId } from '../files/directory.ts';
import { hashFile } from '../files/hash.ts';
import { recoverSwap } from '../files/swap.ts';
import type { TrailContext } from './context.ts';
import { isKept } from './listings.ts';

/**
 * Finishes or takes back what processes left that died while they replaced a directory.
 * @param works their hidden folders, relative to the root
 * @returns whether anything changed
 */
export async function recoverInterrupted(
  context: TrailContext,
  works: readonly string[],
  report: (path: string, message: string) => void,
  operation: Operation,
): Promise<boolean> {
  if (!context.settings.trusted) return false;
  let changed = false;
  for (const work of works) {
    try {
      const result = await recoverSwap(path.join(context.root, work), (old) =>
        isRecorded(context, old, operation),
      );
      if (result === 'recovered') changed = true;
      if (result === 'left') {
        report(
          work,
          l10n.t(
            'A rollback was interrupted, and this folder has files from before it that are not recorded.',
          ),
        );
      }
    } catch (error) {
      if (TrailError.is(error, 'cancelled')) throw error;
      report(work, messageOf(error));
    }
  }
  return changed;
}

/** Whether the store has all of a file or a directory. */
async function isRecorded({ store }: TrailContext, place: string, operation: Operation): Promise<boolean> {
  if (!(await lstat(place)).isDirectory()) {
    return isKept(store, await hashFile(place, operation, place));
  }
  const files: ListedFile[] = [];
  for (const { path: inner } of await directoryFiles(place)) {
    const { id, size } = await hashFile(path.join(place, inner), operation, inner);
    files.push({ path: inner, size, id });
  }
  return files.length === 0 || isKept(store, { id: listingId(files), files: files.length });
}
