import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { systemCode } from '../core/errors.ts';
import type { TrailContext } from './context.ts';
import { nearestWith, trailFolder } from './root.ts';

/** A trail that uses a store. */
export interface StoreUser {
  readonly root: string;
  readonly host: string;
  /** Where it keeps what belongs to its machine. */
  readonly storeFolder: string;
}

/**
 * Whether what a trail says can be read from here. It is gone when it was a worktree of this repository and Git has it no more; all
 * others may be on a disk that is not there, or not to be entered by this user.
 */
export async function whereaboutsOf(
  { root, host, storeFolder }: StoreUser,
  context: Pick<TrailContext, 'git' | 'storeFolder'>,
): Promise<'here' | 'gone' | 'unknown'> {
  if (host !== hostname()) return 'unknown';
  const isWorktree = storeFolder === context.storeFolder;
  const isThere = await isFolder(root);
  // A worktree may be on a branch without a journal. Any other folder without one may be what a disk is to be mounted on.
  const isUsed = existsSync(path.join(root, trailFolder)) || (isWorktree && nearestWith(root, '.git'));
  if (isThere && isUsed) return 'here';
  if (isThere !== false || !isWorktree || !context.git) return 'unknown';
  return (await isListed(root, context.git.commonDir)) ? 'unknown' : 'gone';
}

/** Undefined when that cannot be said. */
async function isFolder(place: string): Promise<boolean | undefined> {
  try {
    return (await stat(place)).isDirectory();
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '') ? false : undefined;
  }
}

/** Whether Git still has a worktree that a folder is in; also if that cannot be said. */
async function isListed(folder: string, commonDir: string): Promise<boolean> {
  const list = path.join(commonDir, 'worktrees');
  try {
    for (const name of await readdir(list)) {
      const link = (await readFile(path.join(list, name, 'gitdir'), 'utf8')).trim();
      if (isWithin(folder, path.dirname(path.resolve(list, name, link)))) return true;
    }
    return false;
  } catch (error) {
    return systemCode(error) !== 'ENOENT' || existsSync(list);
  }
}

/** Where a disk does not tell upper from lower case, Git may have written it in another way. */
function isWithin(folder: string, top: string): boolean {
  return `${folder}${path.sep}`.toLowerCase().startsWith(`${top}${path.sep}`.toLowerCase());
}
