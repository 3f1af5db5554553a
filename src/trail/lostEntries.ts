import * as l10n from '@vscode/l10n';
import type { Operation } from '../core/operation.ts';
import type { CopiedFact } from '../journal/journal.ts';
import type { LostEntries } from './api/changes.ts';
import type { Problem } from './api/models.ts';
import { committedNames } from './committedJournals.ts';
import type { TrailContext } from './context.ts';
import { nearestWith, trailFolder } from './root.ts';

/**
 * Entries that were written here and are neither in the journal nor in a commit: `git clean` removes what is not committed, and the only
 * branch that had them may be deleted. None where nobody can say what commits have.
 */
export async function lostFacts(
  { root, git, journal }: TrailContext,
  operation: Pick<Operation, 'signal'>,
): Promise<readonly CopiedFact[]> {
  // Before Git is asked: what is put into a commit and taken out of the folder meanwhile is found there.
  const here = new Set(await journal.list());
  const missing = await journal.copies((name) => !here.has(name));
  if (missing.length === 0) return [];
  if (!git) return nearestWith(root, '.git') === undefined ? missing : [];
  const committed = await committedNames(git, operation);
  return committed ? missing.filter(({ name }) => !committed.has(name)) : [];
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

export function lostProblem({ names, models }: LostEntries): Problem {
  const [model = '', ...more] = models;
  const about = more.length === 0 ? model : l10n.t('{0} and {1} more', model, more.length);
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
    message: l10n.t(
      '{0} To bring back: modeltrail verify --repair. To let go: modeltrail verify --let-go.',
      what,
    ),
  };
}
