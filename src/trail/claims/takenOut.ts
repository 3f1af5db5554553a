import * as l10n from '@vscode/l10n';
import type { ModelPath } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import { shortId } from '../../core/shortId.ts';
import type { Git } from '../../history/git.ts';
import { readLog } from '../../history/log.ts';
import { idIn } from '../../journal/journal.ts';
import type { TrailContext } from '../context.ts';
import { trailFolder } from '../root.ts';
import { type CommittedEntry, isBroken, readEntries } from './committedJournals.ts';
import { aboutText } from './lostEntries.ts';

/** What one commit took out of the journal, as `git revert` does of what was recorded with the commit before. */
export interface TakenOut {
  readonly commit: string;
  readonly entries: number;
  /** What they are about, sorted. */
  readonly models: readonly ModelPath[];
}

/**
 * The commits before what is checked out that took entries out of the journal which nobody put back, oldest first. That was decided, and
 * their bytes stay as those of another branch do; but nothing else tells where a version went. What only another branch has was not taken
 * out here.
 */
export async function takenOut(
  context: TrailContext,
  { signal }: Pick<Operation, 'signal'>,
): Promise<readonly TakenOut[]> {
  const { git, journal } = context;
  if (!git) return [];
  const here = new Set(await journal.list());
  try {
    const removed = (await removedEntries(context, git, signal)).filter(({ name }) => !here.has(name));
    const read = await readEntries(git, removed, signal);
    const models = new Map(read.map(({ name, fact }) => [name, fact?.model]));
    const commits = [...new Set(removed.map(({ commit }) => commit))];
    return commits.flatMap((commit) => {
      const own = removed.filter((entry) => entry.commit === commit);
      const about = own.flatMap(({ name }) => models.get(name) ?? []);
      // Of what nobody understands nothing was shown before either.
      if (about.length === 0) return [];
      return { commit, entries: about.length, models: [...new Set(about)].sort() };
    });
  } catch (error) {
    // Without a commit, or with one that cannot be read, nobody can say.
    if (isBroken(error)) return [];
    throw error;
  }
}

interface RemovedEntry extends CommittedEntry {
  /** That removed it last. */
  readonly commit: string;
}

async function removedEntries(
  { root, gitPrefix }: TrailContext,
  git: Git,
  signal: AbortSignal,
): Promise<readonly RemovedEntry[]> {
  const folder = `${trailFolder}/journal`;
  const request = {
    folder: root,
    prefix: `${gitPrefix}${folder}/`,
    pathspecs: [`:(literal)${folder}`],
    signal,
  };
  const { events } = await readLog(git, request, { tips: ['HEAD'], known: [] });
  const blobs = new Map<string, string>();
  const removed = new Map<string, RemovedEntry>();
  for (const { path: name, blob, commit } of events) {
    removed.delete(name);
    const before = blobs.get(name);
    if (blob !== undefined) blobs.set(name, blob);
    else if (before !== undefined)
      removed.set(name, { prefix: gitPrefix, name, id: idIn(name) ?? '', blob: before, commit });
  }
  return [...removed.values()].filter(({ id }) => id !== '');
}

/** Where the entries of a commit went, and how they come back. */
export function takenOutText({ gitPrefix }: TrailContext, { commit, entries, models }: TakenOut): string {
  const parent = `${shortId(commit)}~`;
  const folder = `:/${gitPrefix}${trailFolder}/journal`;
  return entries === 1
    ? l10n.t(
        'The commit {0} took an entry about {1} out of the journal, so it does not show. No bytes were given up for that. To bring it back: git checkout {2} -- {3}',
        shortId(commit),
        aboutText(models),
        parent,
        folder,
      )
    : l10n.t(
        'The commit {0} took {1} entries about {2} out of the journal, so they do not show. No bytes were given up for that. To bring them back: git checkout {3} -- {4}',
        shortId(commit),
        entries,
        aboutText(models),
        parent,
        folder,
      );
}
