import type { HistoryCache } from './cache.ts';
import type { Git } from './git.ts';
import { gitOutput, splitOutput } from './process.ts';

/**
 * Finds out which renames are not in the history of what is checked out: there, a model still is where it was. Asked again when something
 * else is checked out or the log changed.
 */
export async function findRenamesElsewhere(
  git: Git,
  cache: HistoryCache,
  head: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const state = cache.state();
  if (!state || (state.elsewhere && state.head === head)) return;
  const renames = new Set(cache.renames());
  const elsewhere = head === undefined ? renames : await notIn(git, head, renames, signal);
  cache.putState({ ...state, head, elsewhere: [...elsewhere] });
}

async function notIn(
  git: Git,
  head: string,
  commits: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  if (commits.size === 0) return found;
  const input = [...commits, `^${head}`].map((line) => `${line}\n`).join('');
  const output = gitOutput(git, ['rev-list', '--stdin'], { input, signal });
  for await (const lines of splitOutput(output, '\n'))
    for (const oid of lines) if (commits.has(oid)) found.add(oid);
  return found;
}
