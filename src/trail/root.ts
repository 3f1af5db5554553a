import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { systemCode, TrailError } from '../core/errors.ts';
import { commonDirOf } from '../history/commonDir.ts';
import { foldersName, locationName } from './contentFolders.ts';

/** The folder at the top of a trail that keeps what is committed: journal and settings. */
export const trailFolder = '.modeltrail';

/**
 * The nearest folder at or above `folder` that holds `.modeltrail/` or is the top of a Git working tree, else `folder` itself. A repository
 * is no part of a trail around it: its history is its own, and so is what others clone.
 */
export async function findRoot(folder: string): Promise<string> {
  const start = await realFolder(folder);
  return rootAround(start) ?? start;
}

/** Whether something may be known of versions there: without a journal or a repository there are none. */
export async function mayHaveVersions(folder: string): Promise<boolean> {
  return rootAround(await realFolder(folder)) !== undefined;
}

function rootAround(start: string): string | undefined {
  return nearestWith(start, trailFolder, '.git');
}

/** The nearest folder at or above `start` that holds one of these. */
export function nearestWith(start: string, ...names: readonly string[]): string | undefined {
  for (let folder = start; ; folder = path.dirname(folder)) {
    if (names.some((name) => existsSync(path.join(folder, name)))) return folder;
    if (folder === path.dirname(folder)) return undefined;
  }
}

async function realFolder(folder: string): Promise<string> {
  try {
    const real = await realpath(folder);
    if ((await stat(real)).isDirectory()) return real;
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') {
      throw new TrailError('io', l10n.t('Cannot open the folder {0}: {1}', folder, systemCode(error) ?? ''), {
        cause: error,
      });
    }
    throw new TrailError('notFound', l10n.t('There is no folder {0}.', folder), { cause: error });
  }
  throw new TrailError('usage', l10n.t('{0} is not a folder.', folder));
}

/**
 * Where a trail keeps what belongs to this machine: with the Git repository, so that branches and worktrees share it, else inside the
 * trail. Contents are there too, unless they have a folder of their own.
 */
export function storeFolder(root: string, gitCommonDir: string | undefined): string {
  const own = path.join(root, trailFolder, 'store');
  // A trail that began outside Git keeps its store when Git comes later.
  const began = ['recipes', 'objects', locationName, foldersName].some((name) =>
    existsSync(path.join(own, name)),
  );
  return gitCommonDir === undefined || began ? own : path.join(gitCommonDir, 'modeltrail');
}

/** Of the repository around a trail, found without Git, the folder that all its worktrees share; undefined where there is none. */
export async function commonDirAround(root: string): Promise<string | undefined> {
  const top = nearestWith(root, '.git');
  return top === undefined ? undefined : commonDirOf(path.join(top, '.git'));
}

/** Worktrees share a store, and each has an index of its own. */
export function indexName(root: string): string {
  return `index-${createHash('sha256').update(root).digest('hex').slice(0, 12)}.sqlite`;
}

/** The file in the store's folder with what was written to journals; see `JournalCopy`. */
export const journalCopyName = 'journal.jsonl';

/** The folder of a trail in its repository, as in `Git.prefix`, without asking Git, which may not answer just now. */
export function folderInRepository(root: string): string {
  const top = nearestWith(root, '.git');
  const below = top === undefined ? '' : path.relative(top, root).split(path.sep).join('/');
  return below === '' ? '' : `${below}/`;
}
