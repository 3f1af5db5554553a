import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { BlobReader } from './blobs.ts';
import { type Git, oidPattern } from './git.ts';
import { allTips } from './tips.ts';

/** Of a folder with a few hundred thousand files. */
const mostTreeBytes = 32 << 20;

/**
 * Which files are at the tips of branches and tags, in worktrees, or in what is stashed. History is not walked.
 * @param files POSIX, relative to the top of the repository, each in a folder
 * @throws TrailError `io` when a branch cannot be read; `cancelled`
 */
export async function filesAtTips(
  git: Git,
  files: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const refs = await allTips(git, signal);
  // What was not tracked is in the third parent.
  const stashes = (await stashed(git)).flatMap((commit) => [commit, `${commit}^3`]);
  const folders = new Set(files.map((file) => path.posix.dirname(file)));
  const found = new Set<string>();
  const reader = new BlobReader(git, signal);
  try {
    for (const tip of [...refs, ...stashes]) {
      if (found.size === files.length) break;
      for (const folder of folders) {
        const tree = await reader.small(`${tip}:${folder}`, mostTreeBytes);
        const inFolder = files.filter((file) => path.posix.dirname(file) === folder);
        for (const file of inFolder) if (tree?.includes(` ${path.posix.basename(file)}\0`)) found.add(file);
      }
    }
  } finally {
    reader.dispose();
  }
  return found;
}

/** All stashes, of which only the last is a ref, and what a rebase or merge under way put aside. */
export async function stashed({ gitDir, commonDir }: Git): Promise<readonly string[]> {
  const read = (...names: string[]): Promise<string> => readFile(path.join(...names), 'utf8').catch(() => '');
  const log = await read(commonDir, 'logs/refs/stash');
  const aside = await Promise.all(
    ['rebase-merge/autostash', 'rebase-apply/autostash', 'MERGE_AUTOSTASH'].map((name) => read(gitDir, name)),
  );
  const commits = [
    ...log.split('\n').map((line) => line.split(' ')[1] ?? ''),
    ...aside.map((oid) => oid.trim()),
  ];
  return commits.filter((commit) => oidPattern.test(commit));
}
