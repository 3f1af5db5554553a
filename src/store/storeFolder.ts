import { existsSync } from 'node:fs';
import { readdir, readFile, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { BlockStore } from './blockStore.ts';
import { quarantineName } from './quarantine.ts';

export const usersName = 'users';
/** Has Git pass over what is in a folder. */
export const ignoreName = '.gitignore';
const contentNames = ['recipes', 'objects', 'packs', 'packed', 'tmp', quarantineName];

/** What can be in a folder that is a store and nothing else. */
export const storeNames: ReadonlySet<string> = new Set([...contentNames, usersName, 'gc.lock', ignoreName]);

/** Has Git pass over a store, and over nothing else in its folder. */
export const ignoredInStore = ['.*.modeltrail-tmp', ...storeNames]
  .filter((name) => name !== ignoreName)
  .map((name) => `/${name}\n`)
  .join('');

/** Whether a folder has anything of a store in it: one that a disk is to be mounted at has not. Who uses a store leaves that first. */
export function isStore(folder: string): boolean {
  return [usersName, 'packs', 'recipes', 'objects'].some((name) => existsSync(path.join(folder, name)));
}

/** Removes the contents of a store; what else is in its folder stays, also who uses it, so that it is still known to be one. */
export async function removeContents({ directory, packs }: BlockStore): Promise<void> {
  // Somebody who records may put something there just now, before it is noticed that the store is elsewhere.
  const options = { recursive: true, force: true, maxRetries: 5 };
  for (const name of contentNames) await rm(path.join(directory, name), options);
  await packs.scan();
}

/** Removes what tells that there is a store when its contents are gone. */
export async function removeUsers({ directory }: BlockStore): Promise<void> {
  await rm(path.join(directory, usersName), { recursive: true, force: true });
}

/** Removes the folder of a store if nothing is in it any more. */
export async function removeIfEmpty({ directory }: BlockStore): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  const ignoring = path.join(directory, ignoreName);
  const isOurs = (await readFile(ignoring, 'utf8').catch(() => '')) === ignoredInStore;
  if (isOurs && names.length === 1) await rm(ignoring, { force: true });
  await rmdir(directory).catch(() => {});
}
