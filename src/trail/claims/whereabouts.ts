import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { systemCode } from '../../core/errors.ts';
import type { Git } from '../../history/git.ts';
import { addedWorktrees } from '../../history/worktrees.ts';
import type { TrailContext } from '../context.ts';
import { identityOf } from './identity.ts';
import { nearestWith, trailFolder } from '../root.ts';

/** A trail that uses a store. */
export interface StoreUser {
  readonly root: string;
  readonly host: string;
  /** Where it keeps what belongs to its machine. */
  readonly storeFolder: string;
  /** What that folder is known by; those that were written by earlier versions have none. */
  readonly id?: string;
}

/**
 * Whether what a trail says can be read from here. It is replaced when another is at its path, as after a clone was moved; it is gone when
 * Git has its worktree no more, or took its folder away with a branch; all others may be on a disk that is not there, or not to be entered
 * by this user.
 */
export async function whereaboutsOf(
  { root, host, storeFolder, id }: StoreUser,
  context: Pick<TrailContext, 'git' | 'storeFolder'>,
): Promise<'here' | 'replaced' | 'gone' | 'unknown'> {
  if (host !== hostname()) return 'unknown';
  const isWorktree = storeFolder === context.storeFolder;
  const isThere = await isFolder(root);
  // A worktree may be on a branch without a journal. Any other folder without one may be what a disk is to be mounted on.
  const isUsed = existsSync(path.join(root, trailFolder)) || (isWorktree && nearestWith(root, '.git'));
  if (isThere && isUsed)
    return id === undefined || id === (await identityOf(storeFolder)) ? 'here' : 'replaced';
  if (isThere !== false || !isWorktree || !context.git) return 'unknown';
  const isExpected = (await isListed(root, context.git.commonDir)) || (await isCheckedOut(root, context.git));
  return isExpected ? 'unknown' : 'gone';
}

/** Where the trail is in the other worktrees of its repository, if they have it. */
export async function foldersInWorktrees({
  root,
  git,
  gitPrefix,
}: Pick<TrailContext, 'root' | 'git' | 'gitPrefix'>): Promise<readonly string[]> {
  if (!git) return [];
  const { tops } = await addedWorktrees(git.commonDir);
  return [path.dirname(git.commonDir), ...tops]
    .map((top) => path.join(top, gitPrefix))
    .filter((folder) => path.relative(folder, root) !== '');
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
  const { tops, mayBeMore } = await addedWorktrees(commonDir);
  return mayBeMore || tops.some((top) => isWithin(folder, top));
}

/** Whether the branch of the main working tree has a trail's journal: then it was not Git that took the folder away. */
async function isCheckedOut(root: string, git: Git): Promise<boolean> {
  const top = git.gitDir === git.commonDir ? git.topLevel : path.dirname(git.commonDir);
  const commit = await git.resolveRevision('main-worktree/HEAD');
  if (commit === undefined || !isWithin(root, top)) return false;
  const journal = path.join(path.relative(top, root), trailFolder, 'journal');
  return (await git.blobAt(commit, journal.split(path.sep).join('/'))) !== undefined;
}

/** Where a disk does not tell upper from lower case, Git may have written it in another way. */
function isWithin(folder: string, top: string): boolean {
  return `${folder}${path.sep}`.toLowerCase().startsWith(`${top}${path.sep}`.toLowerCase());
}
