import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../core/errors.ts';

export interface AddedWorktrees {
  /** Their top folders, which need not be there. */
  readonly tops: readonly string[];
  /** Whether there may be others. */
  readonly mayBeMore: boolean;
}

/** The worktrees that were added to a repository, as Git has them. Source: gitrepository-layout(5), `worktrees/<id>/gitdir`. */
export async function addedWorktrees(commonDir: string): Promise<AddedWorktrees> {
  const list = path.join(commonDir, 'worktrees');
  const tops: string[] = [];
  let mayBeMore = false;
  const names = await readdir(list).catch((error: unknown) => {
    mayBeMore = systemCode(error) !== 'ENOENT';
    return [];
  });
  for (const name of names) {
    try {
      const link = (await readFile(path.join(list, name, 'gitdir'), 'utf8')).trim();
      tops.push(path.dirname(path.resolve(list, name, link)));
    } catch {
      mayBeMore = true;
    }
  }
  return { tops, mayBeMore };
}
