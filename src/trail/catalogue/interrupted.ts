import { lstat } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { messageOf, TrailError } from '../../core/errors.ts';
import type { ContentId } from '../../core/facts.ts';
import type { ListedFile } from '../../core/listing.ts';
import type { Operation } from '../../core/operation.ts';
import { directoryFiles, listingId } from '../../files/directory.ts';
import { hashFile } from '../../files/hash.ts';
import { recoverSwap } from '../../files/swap.ts';
import type { TrailContext } from '../context.ts';
import { ensureKept } from '../contents/listings.ts';

/**
 * Finishes or takes back what processes left that died while they replaced a directory.
 * @param works their hidden folders, relative to the root
 * @returns whether anything changed
 */
export async function recoverInterrupted(
  context: TrailContext,
  works: readonly string[],
  report: (path: string, message: string) => void,
  readJournal: () => Promise<unknown>,
  operation: Operation,
): Promise<boolean> {
  if (!context.settings.trusted) return false;
  let changed = false;
  for (const work of works) {
    try {
      const result = await recoverSwap(path.join(context.root, work), (old) =>
        canBeHadAgain(context, old, readJournal, operation),
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

/** Whether the store has all of a file or a directory, and keeps it. */
async function canBeHadAgain(
  context: TrailContext,
  place: string,
  readJournal: () => Promise<unknown>,
  operation: Operation,
): Promise<boolean> {
  const { store } = context;
  const content = await contentAt(place, operation);
  if (!content) return true;
  await readJournal();
  return !isForgotten(context, content.id) && (await ensureKept(store, content));
}

/** Undefined for a directory without files. */
async function contentAt(
  place: string,
  operation: Operation,
): Promise<{ readonly id: ContentId; readonly files?: number } | undefined> {
  if (!(await lstat(place)).isDirectory()) return { id: (await hashFile(place, operation, place)).id };
  const files: ListedFile[] = [];
  for (const { path: inner } of await directoryFiles(place)) {
    const { id, size } = await hashFile(path.join(place, inner), operation, inner);
    files.push({ path: inner, size, id });
  }
  return files.length === 0 ? undefined : { id: listingId(files), files: files.length };
}

/** What is in the store only until garbage is collected. What no version is known of, such as a Git LFS pointer, is never given up. */
function isForgotten({ catalogue }: TrailContext, id: ContentId): boolean {
  const versions = catalogue.recordedVersions().filter((version) => version.id === id);
  return versions.length > 0 && versions.every((version) => version.forgotten);
}
