import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { systemCode, TrailError } from '../core/errors.ts';
import { syncDirectory } from '../files/durable.ts';
import { createDurably, writeDurably } from '../files/safeWrite.ts';

// Which folders have contents of a trail is kept in the folder of what belongs to this machine, called `own` here, which has some too
// where no other was set and they were not moved.

/** The file that says where the contents were moved to, and from where while some may be left there. */
export const locationName = 'location';
/** The file that says which other folder was used last. */
const usedName = 'used';
/** The folder with a file for each other folder that has contents. */
export const foldersName = 'folders';

export interface ContentFolders {
  /** The one where contents are put. */
  readonly folder: string;
  /** Where they are moved from, as long as that is not finished. */
  readonly movedFrom?: string;
  /** All others that may have some. */
  readonly others: readonly string[];
}

/**
 * The folder that is set, else the one that was used last (the command line has no setting), else where the contents were moved to, else
 * the own. Where there are contents in another they stay in sight, however they came there.
 */
export function contentFolders(root: string, own: string, storePath: string | undefined): ContentFolders {
  const [moved = own, earlier] = readLocation(own);
  const last = lastUsed(own);
  const used = earlier === undefined ? (last ?? moved) : moved;
  const folder = storePath ? path.resolve(root, storePath) : used;
  return {
    folder,
    movedFrom: folder === moved ? earlier : undefined,
    // Looked for only when it is asked for: where contents are put is asked far more often.
    get others() {
      const all = new Set([earlier, moved, last, ...listed(own), own]);
      return [...all].filter((one) => one !== undefined && one !== folder) as string[];
    },
  };
}

/** Has those in sight that a move which is not finished named, before another says where contents are. */
export async function keepInSight(own: string): Promise<void> {
  for (const folder of readLocation(own)) await addToList(own, folder);
}

/** Whether contents are being moved away from a folder, or were by one that was killed. */
export function isLeft(own: string, folder: string): boolean {
  const [, earlier] = readLocation(own);
  return earlier !== undefined && isSamePlace(earlier, folder);
}

/** Says where contents are from now on. @param earlier where they are moved from, as long as that is not finished */
export async function writeLocation(own: string, folder: string, earlier?: string): Promise<void> {
  const file = path.join(own, locationName);
  if (earlier !== undefined) return writeDurably(file, `${folder}\n${earlier}\n`);
  if (folder !== own) {
    await writeUsed(own, folder);
    return writeDurably(file, `${folder}\n`);
  }
  // Who is told no folder would look there again.
  for (const name of [usedName, locationName]) await rm(path.join(own, name), { force: true });
  await syncDirectory(own);
}

function readLocation(own: string): readonly string[] {
  const file = path.join(own, locationName);
  try {
    const folders = readFileSync(file, 'utf8').split('\n').filter(path.isAbsolute);
    if (folders.length > 0) return folders;
    throw new TrailError('damaged', l10n.t('{0} does not say where the store is.', file));
  } catch (error) {
    if (TrailError.is(error)) throw error;
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return [];
    throw new TrailError('io', l10n.t('Where the store is cannot be read: {0} is not readable.', file), {
      cause: error,
    });
  }
}

/** The folder that was used last; not one of which is known no more that it has contents. */
export function lastUsed(own: string): string | undefined {
  const folder = readName(path.join(own, usedName));
  return folder !== undefined && isListed(own, folder) ? folder : undefined;
}

export function writeUsed(own: string, folder: string): Promise<void> {
  return writeDurably(path.join(own, usedName), `${folder}\n`);
}

/** The file by which a folder is known to have contents. */
export function entryOf(own: string, folder: string): string {
  return path.join(own, foldersName, createHash('sha256').update(folder).digest('hex').slice(0, 16));
}

/** Whether a folder is known to have contents. The own needs no entry for that, unless they are being moved away from it. */
export function isListed(own: string, folder: string): boolean {
  return existsSync(entryOf(own, folder)) || (folder === own && !isLeft(own, own));
}

export async function addToList(own: string, folder: string): Promise<void> {
  if (!isListed(own, folder)) await createDurably(entryOf(own, folder), `${folder}\n`);
}

/** Whether a folder is on the list by any of its names: somebody may have set that of a link. */
export function isListedAnyhow(own: string, folder: string): boolean {
  return isListed(own, folder) || listedNames(own, folder).length > 0;
}

/** By all its names. */
export async function takeOffList(own: string, folder: string): Promise<void> {
  for (const name of [folder, ...listedNames(own, folder)]) await rm(entryOf(own, name), { force: true });
}

function listedNames(own: string, folder: string): readonly string[] {
  return listed(own).filter((name) => name !== undefined && isSamePlace(name, folder)) as string[];
}

function listed(own: string): readonly (string | undefined)[] {
  const folder = path.join(own, foldersName);
  try {
    return readdirSync(folder).map((name) => readName(path.join(folder, name)));
  } catch {
    return [];
  }
}

function isSamePlace(a: string, b: string): boolean {
  try {
    return a === b || realpathSync.native(a) === realpathSync.native(b);
  } catch {
    return false;
  }
}

function readName(file: string): string | undefined {
  try {
    // It may end with a space.
    return readFileSync(file, 'utf8').replace(/\n$/, '') || undefined;
  } catch {
    return undefined;
  }
}
