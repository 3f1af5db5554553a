import { readdir, readFile, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { BlockStore } from './blockStore.ts';
import { quarantineName } from './quarantine.ts';

export const usersName = 'users';
/** Has Git pass over what is in a folder. */
export const ignoreName = '.gitignore';
const contentNames = ['recipes', 'objects', 'packs', 'packed', usersName, 'tmp'];

/** What can be in a folder that is a store and nothing else. */
export const storeNames: ReadonlySet<string> = new Set([
  ...contentNames,
  'gc.lock',
  quarantineName,
  ignoreName,
]);

/** Has Git pass over a store, and over nothing else in its folder. */
export const ignoredInStore = ['.*.modeltrail-tmp', ...storeNames]
  .filter((name) => name !== ignoreName)
  .map((name) => `/${name}\n`)
  .join('');

/** Removes the contents of a store; what else is in its folder stays. */
export async function removeContents({ directory, packs }: BlockStore): Promise<void> {
  for (const name of [...contentNames, quarantineName]) {
    await rm(path.join(directory, name), { recursive: true, force: true });
  }
  await packs.scan();
}

/** Removes the folder of a store if nothing is in it any more. */
export async function removeIfEmpty({ directory }: BlockStore): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  const ignoring = path.join(directory, ignoreName);
  const isOurs = (await readFile(ignoring, 'utf8').catch(() => '')) === ignoredInStore;
  if (isOurs && names.length === 1) await rm(ignoring, { force: true });
  await rmdir(directory).catch(() => {});
}
