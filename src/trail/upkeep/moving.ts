import { readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import type { ContentId } from '../../core/facts.ts';
import { type Operation, throwIfCancelled } from '../../core/operation.ts';
import { makeDirectory, processOfTemporary } from '../../files/durable.ts';
import { type BlockStore, openBlockStore } from '../../store/blockStore.ts';
import { copyStore, verifyCopy } from '../../store/moving.ts';
import { isStore, storeNames } from '../../store/storeFolder.ts';
import type { MoveReport } from '../api/store.ts';
import { requireThere } from '../missingStore.ts';
import { keepInSight, writeLocation } from '../contentFolders.ts';
import type { TrailContext } from '../context.ts';
import { finish, finishMove, locked, migrate } from './finishMove.ts';

/**
 * Copies the store, verifies the copy, and uses it from then on. Whoever records meanwhile looks afterwards whether the store is still
 * where it was; what came to the old folder before the switch is copied after it. Only then the old contents go.
 *
 * Where the folder is set in the settings, the switch is theirs: the old contents stay until the trail is opened with the new folder,
 * and the move is finished.
 */
export async function moveStore(
  context: TrailContext,
  folder: string,
  operation: Operation,
): Promise<MoveReport> {
  for (;;) {
    const report = await moveFromHere(context, folder, operation);
    if (report) return report;
    throwIfCancelled(operation);
  }
}

const never = new AbortController().signal;

/** @returns undefined when another has moved the store since it was looked where it is */
async function moveFromHere(
  context: TrailContext,
  folder: string,
  operation: Operation,
): Promise<MoveReport | undefined> {
  requireThere(context);
  const to = openBlockStore(path.resolve(folder));
  const before = context.movedFrom?.directory ?? '';
  const finished = await finishMove(context, operation);
  const { store: from, movedFrom } = context;
  if (finished && from.directory === to.directory)
    return { from: before, to: to.directory, copied: finished.more, removed: finished.removed };
  await requireMovable(context, from, to);
  for (const { directory } of [from, to]) await makeDirectory(directory);
  const isStillThere = (): boolean => context.store === from && context.movedFrom === movedFrom;
  const moved = await locked(from, to, operation, isStillThere, async () => {
    const verified = new Set<ContentId>();
    await migrate(from, operation);
    const copied = await copyStore(from, to, operation);
    await verifyCopy(from, to, copied.ids, verified, operation);
    const isEmpty = !isStore(from.directory);
    await keepInSight(context.storeFolder);
    await writeLocation(context.storeFolder, to.directory, isEmpty ? undefined : from.directory);
    if (context.settings.storePath) return { copied: copied.bytes, more: 0, removed: isEmpty };
    // From here on nothing is cancelled: the new folder has everything, or will have in a moment.
    return {
      copied: copied.bytes,
      ...(await finish(context, from, to, verified, { ...operation, signal: never })),
    };
  });
  if (!moved) return undefined;
  const { copied, more, removed } = moved;
  return { from: from.directory, to: to.directory, copied: copied + more, removed };
}

async function requireMovable(
  { storeFolder }: TrailContext,
  from: BlockStore,
  to: BlockStore,
): Promise<void> {
  const refuse = (message: string): never => {
    throw new TrailError('refused', message);
  };
  for (const { directory } of [from, to]) {
    if (directory.includes('\n'))
      refuse(l10n.t('The store cannot be moved from or to {0}: its name has a line break.', directory));
  }
  const [a = '', b = ''] = await Promise.all(
    [from, to].map(async ({ directory }) => {
      return `${await realPlace(directory)}${path.sep}`;
    }),
  );
  if (a === b) refuse(l10n.t('The store is in {0} already.', to.directory));
  if (a.startsWith(b) || b.startsWith(a))
    refuse(
      l10n.t(
        'The store cannot be moved from {0} to {1}: one is inside the other.',
        from.directory,
        to.directory,
      ),
    );
  const names = await readdir(to.directory).catch(() => []);
  // What is left of a move that was killed is no obstacle, nor what it was just writing.
  const isOurs = (name: string): boolean => storeNames.has(name) || processOfTemporary(name) !== undefined;
  if (to.directory !== storeFolder && !names.every(isOurs))
    refuse(l10n.t('{0} is not empty, and is no store. Choose an empty folder.', to.directory));
}

/** Without links, and as the disk spells it; of a folder that is still to come as far as it is there. */
async function realPlace(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch {
    const parent = path.dirname(folder);
    return parent === folder ? folder : path.join(await realPlace(parent), path.basename(folder));
  }
}
