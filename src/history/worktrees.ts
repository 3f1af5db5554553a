import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * The top folders of the worktrees that were added to a repository, as Git has them; they need not be there.
 * Source: gitrepository-layout(5), `worktrees/<id>/gitdir`.
 * @throws system errors, also where none was ever added
 */
export async function addedWorktrees(commonDir: string): Promise<string[]> {
  const list = path.join(commonDir, 'worktrees');
  const tops: string[] = [];
  for (const name of await readdir(list)) {
    const link = (await readFile(path.join(list, name, 'gitdir'), 'utf8')).trim();
    tops.push(path.dirname(path.resolve(list, name, link)));
  }
  return tops;
}
