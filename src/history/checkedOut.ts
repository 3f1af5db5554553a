import type { BlobReader } from './blobs.ts';
import type { HistoryCache } from './cache.ts';
import type { DirectoryScope } from './directories.ts';
import type { Git } from './git.ts';
import { gitOutput, splitOutput } from './process.ts';
import { modelsAt } from './tracked.ts';
import { Trees } from './trees.ts';

/**
 * Finds out which models are in what is checked out, and which renames are not in its history: there, a model still is where it was.
 * Asked again when something else is checked out or the log changed.
 */
export async function findCheckedOut(
  git: Git,
  cache: HistoryCache,
  reader: BlobReader,
  head: string | undefined,
  scope: DirectoryScope,
  signal: AbortSignal,
): Promise<void> {
  const state = cache.state();
  if (!state || (state.elsewhere && state.tracked && state.head === head)) return;
  const renames = new Set(cache.renames());
  const elsewhere = head === undefined ? renames : await notIn(git, head, renames, signal);
  const paths = cache.snapshot().events.map(({ path }) => path);
  const tracked = head === undefined ? [] : await modelsAt(new Trees(reader), head, new Set(paths), scope);
  cache.putState({ ...state, head, elsewhere: [...elsewhere], tracked });
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
