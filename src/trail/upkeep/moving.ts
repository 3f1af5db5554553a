import { readdir, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import type { ContentId } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import { makeDirectory, processOfTemporary, syncDirectory } from '../../files/durable.ts';
import { writeDurably } from '../../files/safeWrite.ts';
import { type BlockStore, openBlockStore } from '../../store/blockStore.ts';
import { maintain } from '../../store/maintenance.ts';
import { copyStore, verifyCopy } from '../../store/moving.ts';
import {
  isStore,
  removeContents,
  removeIfEmpty,
  removeUsers,
  storeNames,
  usersName,
} from '../../store/storeFolder.ts';
import type { MoveReport } from '../api/store.ts';
import type { TrailContext } from '../context.ts';
import { identityOf } from '../claims/identity.ts';
import { startsInFile } from '../contents/layouts.ts';
import { isMovingTo, locationName, usedName } from '../root.ts';
import { becomeUserOf, otherUsersOf, prepareStore, requireThere } from '../claims/storeUsers.ts';

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
  const before = context.earlierStore?.directory;
  const finished = await finishMove(context, operation);
  const from = context.store;
  const to = openBlockStore(path.resolve(folder));
  if (finished && from.directory === to.directory)
    return { from: before ?? '', to: to.directory, copied: finished.more, removed: finished.removed };
  await requireMovable(context, from, to);
  requireThere(context);
  await makeDirectory(to.directory);
  const verified = new Set<ContentId>();
  const moved = await locked(from, to, operation, async () => {
    await migrate(from, operation);
    const copied = await copyStore(from, to, operation);
    await verifyCopy(from, to, copied.ids, verified, operation);
    await writeLocation(context, to.directory, from.directory);
    if (context.settings.storePath) return { copied: copied.bytes, more: 0, removed: false };
    // From here on nothing is cancelled: the new folder has everything, or will have in a moment.
    return {
      copied: copied.bytes,
      ...(await finish(context, from, to, verified, { ...operation, signal: never })),
    };
  });
  if (!moved) {
    await becomeUserOf(to, context);
    await writeLocation(context, to.directory);
  }
  const { copied, more, removed } = moved ?? { copied: 0, more: 0, removed: true };
  return { from: from.directory, to: to.directory, copied: copied + more, removed };
}

/** Does what is left of a move after the switch. @returns undefined when there is nothing to do. @throws TrailError `io` when one of its folders is not there */
export async function finishMove(context: TrailContext, operation: Operation): Promise<Finished | undefined> {
  const { store, earlierStore, storeFolder } = context;
  // A folder that was set without a move leaves the contents in the store's own.
  if (!earlierStore || !isMovingTo(store.directory, storeFolder)) return undefined;
  const areThere = isStore(earlierStore.directory) && isStore(store.directory);
  const finished = areThere
    ? await locked(earlierStore, store, operation, async () => {
        // One that was damaged then may be whole by now.
        await migrate(earlierStore, operation);
        return finish(context, earlierStore, store, new Set(), operation);
      })
    : undefined;
  // Another process may have finished it just now.
  if (finished || context.earlierStore?.directory !== earlierStore.directory) return finished;
  throw new TrailError(
    'io',
    l10n.t(
      'The store was moved from {0} to {1}, and not all of it may be there yet, but one of these folders is not to be found, or has nothing of a store in it. Connect the disk that it is on and try again. If {0} is gone for good, make an empty folder {2}.',
      earlierStore.directory,
      store.directory,
      path.join(earlierStore.directory, usersName),
    ),
  );
}

/** Whole files are not copied, but what they are turned into. */
async function migrate(store: BlockStore, operation: Operation): Promise<void> {
  await store.migrate(operation, (file) => startsInFile(file, '', operation.signal));
}

interface Finished {
  /** What came to the old folder since it was copied, in bytes. */
  readonly more: number;
  /** Whether the old contents are gone. */
  readonly removed: boolean;
}

const never = new AbortController().signal;

/** Undefined when there is nothing to move. */
async function locked<T extends object>(
  from: BlockStore,
  to: BlockStore,
  operation: Operation,
  work: () => Promise<T>,
): Promise<T | undefined> {
  const done = await maintain(to, operation, async () => ({ result: await maintain(from, operation, work) }));
  if (done?.result) await removeIfEmpty(from);
  return done?.result;
}

async function finish(
  context: TrailContext,
  from: BlockStore,
  to: BlockStore,
  verified: Set<ContentId>,
  operation: Operation,
): Promise<Finished> {
  const others = await otherUsersOf(from, context);
  const more = await copyStore(from, to, operation);
  const isWhole = await verifyCopy(from, to, more.ids, verified, operation);
  await prepareStore(context);
  const own = await identityOf(context.storeFolder);
  const isShared = others.some(
    ({ storeFolder, id = own }) => storeFolder !== context.storeFolder || id !== own,
  );
  const removed = isWhole && !isShared;
  if (removed) await removeContents(from);
  if (isWhole) await writeLocation(context, to.directory);
  if (removed) await removeUsers(from);
  return { more: more.bytes, removed };
}

async function writeLocation({ storeFolder }: TrailContext, folder: string, earlier?: string): Promise<void> {
  if (folder !== storeFolder || earlier !== undefined) {
    if (earlier === undefined) await writeDurably(path.join(storeFolder, usedName), `${folder}\n`);
    const file = path.join(storeFolder, locationName);
    return writeDurably(file, `${[folder, earlier].filter(Boolean).join('\n')}\n`);
  }
  // Who is told no folder would look there again.
  for (const name of [usedName, locationName]) await rm(path.join(storeFolder, name), { force: true });
  await syncDirectory(storeFolder);
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
