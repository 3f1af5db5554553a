import { stashed } from './atTips.ts';
import { BlobReader } from './blobs.ts';
import type { Git } from './git.ts';
import { Trees } from './trees.ts';

export interface TipFiles {
  /** The short name of a branch, a remote-tracking branch or a tag; `stash`. */
  readonly ref: string;
  /** Whether it is the branch that is checked out. */
  readonly isHere: boolean;
  /** POSIX, relative to the folder that was asked for. */
  readonly files: readonly string[];
}

/**
 * The files that each branch and tag, and what is stashed, has in the folders of a folder. Of several that have the same ones, the first,
 * local branches before others; the branch that is checked out stands for no other.
 * @param folder POSIX, relative to the top of the repository
 * @throws TrailError `io`, `cancelled`
 */
export async function filesOfTips(
  git: Git,
  folder: string,
  signal: AbortSignal,
): Promise<readonly TipFiles[]> {
  const reader = new BlobReader(git, signal);
  const trees = new Trees(reader);
  const tips = new Map<string, TipFiles>();
  try {
    for (const { ref, isHere, commits } of await namedTips(git, signal)) {
      const entries = [];
      for (const commit of commits) entries.push(...((await trees.read(`${commit}:${folder}`)) ?? []));
      const subfolders = entries.filter(({ kind }) => kind === 'folder');
      if (subfolders.length === 0) continue;
      const key = `${isHere} ${subfolders.map(({ oid }) => oid).join(' ')}`;
      if (tips.has(key)) continue;
      const files: string[] = [];
      for (const { name, oid } of subfolders)
        for (const file of (await trees.read(oid)) ?? []) files.push(`${name}/${file.name}`);
      tips.set(key, { ref, isHere, files });
    }
  } finally {
    reader.dispose();
  }
  return [...tips.values()];
}

interface NamedTip extends Pick<TipFiles, 'ref' | 'isHere'> {
  readonly commits: readonly string[];
}

/** Sorted by their full names, which puts local branches first. */
async function namedTips(git: Git, signal: AbortSignal): Promise<readonly NamedTip[]> {
  const format = '--format=%(objectname) %(HEAD) %(refname) %(refname:short)';
  const tips: NamedTip[] = [];
  for (const line of (await git.run(['for-each-ref', format], signal)).split('\n')) {
    const [, commit, mark, name, ref] = /^([0-9a-f]+) (.) (\S+) (.+)$/.exec(line) ?? [];
    if (commit !== undefined && ref !== undefined && name !== 'refs/stash')
      tips.push({ ref, isHere: mark === '*', commits: [commit] });
  }
  for (const commit of await stashed(git)) {
    // What was not tracked is in the third parent.
    const untracked = await git.resolveRevision(`${commit}^3`);
    const commits = untracked === undefined ? [commit] : [commit, untracked];
    tips.push({ ref: 'stash', isHere: false, commits });
  }
  return tips;
}
