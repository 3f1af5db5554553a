import { existsSync } from 'node:fs';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import { fileInTheWay, inTheWayText } from '../files/inTheWay.ts';
import { isStore } from '../store/storeFolder.ts';
import { entryOf, isListed } from './contentFolders.ts';
import type { TrailContext } from './context.ts';

/**
 * Else contents would go into the folder that a disk is mounted over.
 * @throws TrailError `io` when the store was used, and is on a disk that is not there
 */
export function requireThere(context: Pick<TrailContext, 'store' | 'storeFolder'>): void {
  const gone = whyNotThere(context);
  if (gone !== undefined) throw new TrailError('io', gone);
}

/**
 * A sentence on a store that was used, and is on a disk that is not there, or that a file is in the place of. Where the folder is the one
 * that the disk is mounted at, it is there without the disk, and empty.
 */
export function whyNotThere({
  store: { directory },
  storeFolder,
}: Pick<TrailContext, 'store' | 'storeFolder'>): string | undefined {
  const file = fileInTheWay(directory);
  if (file !== undefined) return inTheWayText(file);
  if (directory === storeFolder || isStore(directory) || !isListed(storeFolder, directory)) return undefined;
  const entry = entryOf(storeFolder, directory);
  return existsSync(directory)
    ? l10n.t(
        'The store is in {0}, but nothing of it is in that folder, though versions were kept there. Is the disk mounted? Mount it and try again. If the store was deleted on purpose, delete {1}.',
        directory,
        entry,
      )
    : l10n.t(
        'The store is in {0}, which is not there. Connect the disk that it is on and try again. If it is gone for good, delete {1}.',
        directory,
        entry,
      );
}
