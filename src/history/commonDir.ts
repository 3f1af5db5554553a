import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * The folder that all worktrees of a repository share, without asking Git, which may not be there or not trust it just now.
 * Source: gitrepository-layout(5), `gitdir` and `commondir`.
 * @param dotGit `.git` at the top of a working tree: a folder, or in a worktree or submodule a file that names one
 * @returns undefined where that is no repository
 */
export async function commonDirOf(dotGit: string): Promise<string | undefined> {
  try {
    const named = (await stat(dotGit)).isFile()
      ? /^gitdir: (.+)/.exec(await readFile(dotGit, 'utf8'))
      : undefined;
    const gitDir = named ? path.resolve(path.dirname(dotGit), named[1] ?? '') : dotGit;
    const common = await readFile(path.join(gitDir, 'commondir'), 'utf8').catch(() => '.');
    const folder = await realpath(path.resolve(gitDir, common.trim()));
    for (const part of ['HEAD', 'objects', 'refs']) await stat(path.join(folder, part));
    return folder;
  } catch {
    return undefined;
  }
}
