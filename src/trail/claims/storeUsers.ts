import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { ContentId } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import { createDurably } from '../../files/safeWrite.ts';
import { namesIn } from '../../files/namesIn.ts';
import type { BlockStore } from '../../store/blockStore.ts';
import { maintain } from '../../store/maintenance.ts';
import { isStore, usersName } from '../../store/storeFolder.ts';
import type { Problem } from '../api/models.ts';
import { addToList, isLeft, isListed, lastUsed, writeUsed } from '../contentFolders.ts';
import type { TrailContext } from '../context.ts';
import { identityOf, ownIdentity } from './identity.ts';
import { keepOutOfGit } from '../keepingOutOfGit.ts';
import { requireThere } from '../missingStore.ts';
import { recordedBy } from './userJournals.ts';
import { type StoreUser, whereaboutsOf } from './whereabouts.ts';

// A store can be used by several trails: worktrees, or workspaces that are set to share it. Each leaves its name in `users/`, so that
// what one of them forgets stays for the others.

/**
 * Makes sure that the store can take contents.
 * @throws TrailError `io` when it is on a disk that is not there; `refused` when somebody is at it for long; `cancelled`
 */
export async function prepareStore(context: TrailContext, operation: Operation): Promise<void> {
  const { store, storeFolder, settings } = context;
  const { directory } = store;
  requireThere(context);
  do {
    if (isListed(storeFolder, directory)) await becomeUserOf(store, context);
    else await comeTo(store, context, operation);
    if (context.store !== store) return;
    // It may have been left meanwhile.
  } while (!isListed(storeFolder, directory));
  if (!isStore(directory)) await becomeUserOf(store, context);
  // Where no folder is set who moves the store says where it is.
  if (settings.storePath && directory !== storeFolder && lastUsed(storeFolder) !== directory)
    await writeUsed(storeFolder, directory);
}

async function comeTo(
  store: BlockStore,
  context: TrailContext,
  operation: Pick<Operation, 'signal'>,
): Promise<void> {
  const { storeFolder } = context;
  const { directory } = store;
  const come = async (): Promise<true> => {
    await becomeUserOf(store, context);
    // After that: from then on a folder with nothing of a store in it is not taken for a new one.
    await addToList(storeFolder, directory);
    return true;
  };
  const isBeingLeft = (): boolean => isLeft(storeFolder, directory);
  if (!isBeingLeft()) await come();
  // Who moves the contents away took the folder off the list, and at last removes what he has copied, and all names. That it is on the list
  // again he may not see, and somebody else, who has put something there, would not see that it was off.
  if (isBeingLeft() && !(await maintain(store, operation, come))) await come();
}

/** Whether what was put into a store is looked for there: not when it was moved meanwhile. */
export function isStillUsed(context: TrailContext, store: BlockStore): boolean {
  return context.store === store && isListed(context.storeFolder, store.directory);
}

/** Leaves the name of a trail in a store, which Git is to pass over; that makes a store of an empty folder. */
async function becomeUserOf(store: BlockStore, context: TrailContext): Promise<void> {
  const { storeFolder, root } = context;
  for (const folder of new Set([storeFolder, store.directory])) await keepOutOfGit(context, folder);
  const left = leftNames.get(store);
  if (left !== undefined && existsSync(left)) return;
  const user: StoreUser = { root, host: hostname(), storeFolder, id: await ownIdentity(storeFolder) };
  const file = path.join(store.directory, usersName, nameOf(user));
  if (!existsSync(file)) await createDurably(file, JSON.stringify(user));
  leftNames.set(store, file);
}

/** The file that the trail has left in the store, which is of no other trail. */
const leftNames = new WeakMap<BlockStore, string>();

/** Says whether another trail that uses the store has recorded a content, or may have. */
export async function othersWant(
  context: TrailContext,
  operation: Pick<Operation, 'signal'>,
): Promise<(id: ContentId) => boolean> {
  const wanted = new Set<ContentId>();
  for (const user of await otherUsersOf(context.store, context)) {
    const recorded = await recordedBy(context, user, operation);
    if (!recorded) return () => true;
    for (const id of recorded) wanted.add(id);
  }
  return (id) => wanted.has(id);
}

/** The users of the store because of which nothing is given up: what they recorded cannot be read from here. */
export async function holdersOf(
  context: TrailContext,
  operation: Pick<Operation, 'signal'>,
): Promise<readonly Problem[]> {
  const holders: Problem[] = [];
  for (const user of await otherUsersOf(context.store, context)) {
    if (await recordedBy(context, user, operation)) continue;
    const { file, root, host } = user;
    const message =
      (await whereaboutsOf(user, context)) === 'replaced'
        ? l10n.t(
            'No recorded bytes can be freed: {0} holds another trail now, and the one that was there cannot be found. Record a version in it where it is now; or, if it is gone for good, delete {1}.',
            root,
            file,
          )
        : l10n.t(
            'No recorded bytes can be freed: what {0} needs cannot be read from here. If it is gone for good, delete {1}.',
            root === '' ? file : `${root} (${host})`,
            file,
          );
    holders.push({ path: file, message });
  }
  return holders;
}

/** Users of a store besides this trail, by their files. */
export async function otherUsersOf(
  store: BlockStore,
  { root, storeFolder }: TrailContext,
): Promise<readonly (StoreUser & { readonly file: string })[]> {
  const id = await identityOf(storeFolder);
  const isOwn = (user: StoreUser): boolean => {
    if (user.root !== root || (user.id !== undefined && user.id !== id)) return false;
    // A machine may be named anew, as a container is; a store in the trail's own folder is of no other that only has the same paths.
    return user.host === hostname() || (user.storeFolder === storeFolder && store.directory === storeFolder);
  };
  const folder = path.join(store.directory, usersName);
  const users: (StoreUser & { readonly file: string })[] = [];
  for (const name of await namesIn(folder)) {
    if (!name.endsWith('.json')) continue;
    const file = path.join(folder, name);
    const user = parseUser(await readFile(file, 'utf8'));
    if (!isOwn(user)) users.push({ ...user, file });
  }
  return users;
}

function nameOf({ root, host, id }: StoreUser): string {
  return `${createHash('sha256').update(`${host}\n${root}\n${id}`).digest('hex').slice(0, 16)}.json`;
}

function parseUser(text: string): StoreUser {
  try {
    const { root, host, storeFolder, id } = JSON.parse(text) as Record<string, unknown>;
    if (typeof root === 'string' && typeof host === 'string' && typeof storeFolder === 'string')
      return { root, host, storeFolder, id: typeof id === 'string' ? id : undefined };
  } catch {
    // Whoever it is, it uses the store.
  }
  return { root: '', host: '', storeFolder: '' };
}
