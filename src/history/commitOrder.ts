import type { BlobReader } from './blobs.ts';
import type { HistoryCommit } from './cache.ts';
import type { LoggedCommit } from './log.ts';

const maxCommitBytes = 2 ** 20;

/**
 * Numbers commits after `lastOrder`. Git gives those that were made in the same second on several branches in an order that depends on
 * what other branches there are. Here it depends on nothing but them: each comes after those that it is built on, otherwise by name.
 */
export async function numberCommits(
  commits: readonly LoggedCommit[],
  lastOrder: number,
  reader: BlobReader,
): Promise<HistoryCommit[]> {
  const numbered: HistoryCommit[] = [];
  for (let at = 0, end = 0; at < commits.length; at = end) {
    while (commits[end]?.committed === commits[at]?.committed) end++;
    const tied = commits.slice(at, end);
    for (const { oid, time, author, subject } of tied.length === 1 ? tied : await sorted(tied, reader))
      numbered.push({ oid, order: lastOrder + numbered.length + 1, time, author, subject });
  }
  return numbered;
}

async function sorted(tied: readonly LoggedCommit[], reader: BlobReader): Promise<LoggedCommit[]> {
  const depths = new Map<string, number>();
  const placed: { commit: LoggedCommit; depth: number }[] = [];
  for (const commit of tied)
    placed.push({ commit, depth: await depthOf(commit.oid, commit.committed, depths, reader) });
  return placed
    .sort((a, b) => a.depth - b.depth || (a.commit.oid < b.commit.oid ? -1 : 1))
    .map(({ commit }) => commit);
}

/** How many commits of a second, models changed or not, follow each other up to a commit; 0 when that is of another second. */
async function depthOf(
  oid: string,
  second: number,
  depths: Map<string, number>,
  reader: BlobReader,
): Promise<number> {
  const known = depths.get(oid);
  if (known !== undefined) return known;
  const object = (await reader.small(oid, maxCommitBytes))?.toString('latin1') ?? '';
  const [header = ''] = object.split('\n\n', 1);
  let depth = 0;
  if (Number(/^committer .* (\d+) [+-]\d+$/m.exec(header)?.[1]) === second) {
    for (const [, parent = ''] of header.matchAll(/^parent ([0-9a-f]+)$/gm))
      depth = Math.max(depth, await depthOf(parent, second, depths, reader));
    depth++;
  }
  depths.set(oid, depth);
  return depth;
}
