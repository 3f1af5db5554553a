import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';

/** Git's own folder for a working tree, and the one that all working trees of the repository share. */
export interface GitFolders {
  readonly own: string;
  readonly common: string;
}

/** Those of the repository around a folder, if there is one. */
export async function gitFolders(start: string): Promise<GitFolders | undefined> {
  for (let folder = start; ; folder = path.dirname(folder)) {
    const git = path.join(folder, '.git');
    const found = await stat(git).catch(() => undefined);
    if (found?.isDirectory()) return { own: git, common: git };
    if (found?.isFile()) return linkedGitFolders(git);
    if (folder === path.dirname(folder)) return undefined;
  }
}

/** In a worktree or a submodule `.git` is a file that names the folder. */
async function linkedGitFolders(file: string): Promise<GitFolders | undefined> {
  const target = /^gitdir: (.+)$/m.exec(await readFile(file, 'utf8'))?.[1];
  if (target === undefined) return undefined;
  const own = path.resolve(path.dirname(file), target.trim());
  const common = await readFile(path.join(own, 'commondir'), 'utf8').catch(() => '.');
  return { own, common: path.resolve(own, common.trim()) };
}
