import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { BlobReader } from './blobs.ts';
import { type Git, oidPattern } from './git.ts';

/** Of a folder with a few hundred thousand files. */
const mostTreeBytes = 32 << 20;

/**
 * Which files of a folder are at the tips of branches and tags, in worktrees, or in what is stashed. History is not walked.
 * @param folder POSIX, relative to the top of the repository
 * @param names without a folder
 * @throws TrailError `io` when a branch cannot be read; `cancelled`
 */
export async function filesAtTips(
  git: Git,
  folder: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const refs = (await git.run('rev-list', '--no-walk', '--all')).split('\n');
  // What was not tracked is in the third parent.
  const stashes = (await stashed(git)).flatMap((commit) => [commit, `${commit}^3`]);
  const found = new Set<string>();
  const reader = new BlobReader(git, signal);
  try {
    for (const tip of [...refs, ...stashes]) {
      if (tip === '' || found.size === names.length) continue;
      const tree = await reader.small(`${tip}:${folder}`, mostTreeBytes);
      if (tree) for (const name of names) if (tree.includes(`${name}\0`)) found.add(name);
    }
  } finally {
    reader.dispose();
  }
  return found;
}

/** All stashes, of which only the last is a ref, and what a rebase or merge under way put aside. */
async function stashed({ gitDir, commonDir }: Git): Promise<readonly string[]> {
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
