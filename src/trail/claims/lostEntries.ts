import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { ModelPath } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import { filesAtTips } from '../../history/atTips.ts';
import type { Git } from '../../history/git.ts';
import { type CopiedFact, Journal } from '../../journal/journal.ts';
import type { LostEntries } from '../api/changes.ts';
import type { Problem } from '../api/models.ts';
import { committedNames, isBroken } from './committedJournals.ts';
import type { TrailContext } from '../context.ts';
import { nearestWith, trailFolder } from '../root.ts';
import { foldersInWorktrees } from './whereabouts.ts';

/**
 * Entries that were written on this machine and are neither in the journal, nor in that of another worktree, nor in a commit: `git clean`
 * removes what is not committed, and the only branch that had them may be deleted. None where nobody can say what commits have. Those that a commit took out on purpose are
 * let go.
 */
export async function lostFacts(
  context: TrailContext,
  operation: Pick<Operation, 'signal'>,
): Promise<readonly CopiedFact[]> {
  const { root, git, journalCopy } = context;
  // In this order: what is written meanwhile, or put into a commit and taken out of the folder, is found where it is looked later.
  const written = await journalCopy.names();
  const here = await namesInJournals(context);
  const gone = new Set(written.filter((name) => !here.has(name)));
  if (gone.size === 0) return [];
  const missing = await journalCopy.entries((name) => gone.has(name));
  if (!git) return nearestWith(root, '.git') === undefined ? missing : [];
  try {
    return await notInCommits(context, git, missing, operation);
  } catch (error) {
    if (isBroken(error)) return [];
    throw error;
  }
}

async function notInCommits(
  { gitPrefix, journalCopy }: TrailContext,
  git: Git,
  entries: readonly CopiedFact[],
  { signal }: Pick<Operation, 'signal'>,
): Promise<readonly CopiedFact[]> {
  const fileOf = ({ name }: CopiedFact): string => `${gitPrefix}${trailFolder}/journal/${name}`;
  const atTips = await filesAtTips(git, entries.map(fileOf), signal);
  const left = entries.filter((entry) => !atTips.has(fileOf(entry)));
  if (left.length === 0) return [];
  // To go through all of history can take long. What is only there somebody took out on purpose: it is not looked for again.
  const committed = await committedNames(git, signal);
  const removed = left.filter(({ name }) => committed.has(name));
  if (removed.length > 0) await journalCopy.letGo(removed.map(({ name }) => name)).catch(() => {});
  return left.filter(({ name }) => !committed.has(name));
}

/** Of this trail, and of what other worktrees have in the same folder: entries can be stashed in one and popped in another. */
async function namesInJournals(context: TrailContext): Promise<ReadonlySet<string>> {
  const names = new Set(await context.journal.list());
  for (const folder of await foldersInWorktrees(context)) {
    const found = await new Journal(path.join(folder, trailFolder, 'journal')).list().catch(() => []);
    for (const name of found) names.add(name);
  }
  return names;
}

export async function lostEntries(
  context: TrailContext,
  operation: Pick<Operation, 'signal'>,
): Promise<LostEntries | undefined> {
  const lost = await lostFacts(context, operation);
  if (lost.length === 0) return undefined;
  return {
    names: lost.map(({ name }) => name),
    models: [...new Set(lost.map(({ fact }) => fact.model))].sort(),
  };
}

/** Writes the lost entries to the journal again. @returns how many */
export async function bringBack(
  context: TrailContext,
  operation: Pick<Operation, 'signal'>,
): Promise<number> {
  const lost = await lostFacts(context, operation);
  for (const named of lost) await context.journal.restore(named);
  return lost.length;
}

/** Stops reporting those of `names` that are still lost. @returns how many */
export async function letGo(
  context: TrailContext,
  names: readonly string[],
  operation: Pick<Operation, 'signal'>,
): Promise<number> {
  const lost = new Set((await lostFacts(context, operation)).map(({ name }) => name));
  const gone = names.filter((name) => lost.has(name));
  await context.journalCopy.letGo(gone);
  return gone.length;
}

/** What entries are about, in a sentence. */
export function aboutText([model = '', ...more]: readonly ModelPath[]): string {
  return more.length === 0 ? model : l10n.t('{0} and {1} more', model, more.length);
}

export function lostProblem({ names, models }: LostEntries): Problem {
  const about = aboutText(models);
  const what =
    names.length === 1
      ? l10n.t('An entry about {0} is neither here nor in a commit any more, as after git clean.', about)
      : l10n.t(
          '{1} entries about {0} are neither here nor in a commit any more, as after git clean.',
          about,
          names.length,
        );
  return {
    path: `${trailFolder}/journal`,
    message: l10n.t('{0} Repairing brings back what they said: modeltrail verify --repair.', what),
  };
}
