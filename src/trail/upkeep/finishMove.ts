import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import type { ContentId } from '../../core/facts.ts';
import { type Operation, throwIfCancelled } from '../../core/operation.ts';
import type { BlockStore } from '../../store/blockStore.ts';
import { maintain } from '../../store/maintenance.ts';
import { copyStore, verifyCopy } from '../../store/moving.ts';
import { isStore, removeContents, removeIfEmpty, removeUsers, usersName } from '../../store/storeFolder.ts';
import { identityOf } from '../claims/identity.ts';
import { otherUsersOf, prepareStore } from '../claims/storeUsers.ts';
import { startsInFile } from '../contents/layouts.ts';
import { addToList, isListedAnyhow, takeOffList, writeLocation } from '../contentFolders.ts';
import type { TrailContext } from '../context.ts';

/** Does what is left of a move after the switch. @returns undefined when there is nothing to do. @throws TrailError `io` when one of its folders is not there */
export async function finishMove(context: TrailContext, operation: Operation): Promise<Finished | undefined> {
  for (;;) {
    const { store, movedFrom } = context;
    if (!movedFrom) return undefined;
    const isStillSo = (): boolean => context.store === store && context.movedFrom === movedFrom;
    const areThere = isStore(movedFrom.directory) && isStore(store.directory);
    if (!areThere && isStillSo()) throw notThere(store, movedFrom);
    const finished = await locked(movedFrom, store, operation, isStillSo, async () => {
      // One that was damaged then may be whole by now.
      await migrate(movedFrom, operation);
      return finish(context, movedFrom, store, new Set(), operation);
    });
    if (finished) return finished;
    throwIfCancelled(operation);
  }
}

function notThere({ directory: store }: BlockStore, { directory: earlier }: BlockStore): TrailError {
  return new TrailError(
    'io',
    l10n.t(
      'The store was moved from {0} to {1}, and not all of it may be there yet, but one of these folders is not to be found, or has nothing of a store in it. Connect the disk that it is on and try again. If {0} is gone for good, make an empty folder {2}.',
      earlier,
      store,
      path.join(earlier, usersName),
    ),
  );
}

/** Whole files are not copied, but what they are turned into. */
export async function migrate(store: BlockStore, operation: Operation): Promise<void> {
  await store.migrate(operation, (file) => startsInFile(file, '', operation.signal));
}

interface Finished {
  /** What came to the old folder since it was copied, in bytes. */
  readonly more: number;
  /** Whether the old contents are gone. */
  readonly removed: boolean;
}

/** Does something when no other keeps one of the two in order. @returns undefined where that makes no sense any more */
export async function locked<T extends object>(
  from: BlockStore,
  to: BlockStore,
  operation: Operation,
  makesSense: () => boolean,
  work: () => Promise<T>,
): Promise<T | undefined> {
  // In the same order for one who moves it the other way: else each would wait for the other.
  const [first, second] = from.directory < to.directory ? [from, to] : [to, from];
  const done = await maintain(first, operation, () =>
    maintain(second, operation, async () => ({ result: makesSense() ? await work() : undefined })),
  );
  if (done?.result) await removeIfEmpty(from);
  return done?.result;
}

/**
 * Copies what came since to a folder that contents are moved from, and removes them there, but for what is not whole in the other or
 * wanted by others.
 * @param verified what need not be read again
 */
export async function finish(
  context: TrailContext,
  from: BlockStore,
  to: BlockStore,
  verified: Set<ContentId>,
  operation: Operation,
): Promise<Finished> {
  const { storeFolder } = context;
  // Whoever has put something there meanwhile sees by that that it is not looked for there any more.
  await takeOffList(storeFolder, from.directory);
  const others = await otherUsersOf(from, context);
  const more = await copyStore(from, to, operation);
  const isWhole = await verifyCopy(from, to, more.ids, verified, operation);
  await prepareStore(context, operation);
  if (!isWhole) {
    await addToList(storeFolder, from.directory);
    return { more: more.bytes, removed: false };
  }
  const own = await identityOf(storeFolder);
  const isShared = others.some((other) => other.storeFolder !== storeFolder || (other.id ?? own) !== own);
  const isWanted = isShared || isListedAnyhow(storeFolder, from.directory);
  if (!isWanted) await removeContents(from);
  await writeLocation(storeFolder, to.directory);
  if (!isWanted) await removeUsers(from);
  return { more: more.bytes, removed: !isWanted };
}
