import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createDurably } from '../../files/safeWrite.ts';

// A path is no name for a trail: a clone can be moved, and another take its place. What belongs to the machine moves along.

const nameIn = (storeFolder: string): string => path.join(storeFolder, 'id');

/** What tells the trails of a store's own folder from those of another that is at the same path later; undefined where there is none. */
export async function identityOf(storeFolder: string): Promise<string | undefined> {
  return (await readFile(nameIn(storeFolder), 'utf8').catch(() => '')).trim() || undefined;
}

/** The same, made if need be. @throws TrailError `io` */
export async function ownIdentity(storeFolder: string): Promise<string | undefined> {
  const known = await identityOf(storeFolder);
  if (known) return known;
  await createDurably(nameIn(storeFolder), `${randomUUID()}\n`);
  return identityOf(storeFolder);
}
