import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import type { ModelPath } from '../../core/facts.ts';
import { type Version, versionName } from '../../core/versions.ts';
import { isModelPath } from '../../journal/modelPath.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { lookAt } from '../catalogue/workingCopies.ts';
import type { TrailContext } from '../context.ts';

/**
 * Whether a model may go on under a path that its file was moved to.
 * @throws TrailError `usage`, `notFound`, `refused` where it may not, and why
 */
export async function requireMoved(context: TrailContext, from: ModelPath, to: ModelPath): Promise<void> {
  const { catalogue } = context;
  if (from === to) throw new TrailError('usage', l10n.t('{0} is named twice: name the new path too.', from));
  if (!isModelPath(to))
    throw new TrailError('usage', l10n.t('{0} is no path that a model can have on every system.', to));
  await requireGone(context, from, to);
  await requireThere(context, to);
  requireOwnNumbers(catalogue, from, to);
}

/** The versions of a model that have numbers. */
export function recordedOf(catalogue: Catalogue, model: ModelPath): readonly Version[] {
  return catalogue.versionsOf(model).filter(({ number }) => number !== undefined);
}

/** Of a model that is known, and that neither Git nor the journal tells of. */
async function requireGone(context: TrailContext, from: ModelPath, to: ModelPath): Promise<void> {
  const { catalogue } = context;
  const now = catalogue.calledNow(from);
  if (now !== undefined)
    throw new TrailError(
      'refused',
      l10n.t('{0} is called {1} already: that is what can be renamed.', from, now),
    );
  const isInGit = catalogue.isInGit(from);
  if (!isInGit && recordedOf(catalogue, from).length === 0)
    throw new TrailError('notFound', l10n.t('There is no model "{0}" that has versions.', from));
  if ((await lookAt(context, from)).state !== 'missing')
    throw new TrailError(
      'refused',
      l10n.t(
        '{0} is still there, so it was not renamed. If {1} is to take its place, remove {0} first.',
        from,
        to,
      ),
    );
  if (isInGit)
    throw new TrailError(
      'refused',
      l10n.t(
        'Git has versions of {0}, so it is Git that tells where it went: commit {1} with the content that {0} had, and its history goes on there.',
        from,
        to,
      ),
    );
}

async function requireThere(context: TrailContext, to: ModelPath): Promise<void> {
  const { state, problem = '' } = await lookAt(context, to);
  if (state === 'missing')
    throw new TrailError(
      'notFound',
      l10n.t('{0} is not there. Move the file first, or name the path that it has now.', to),
    );
  if (state === 'unreadable') throw new TrailError('refused', problem);
}

/** Two versions of one model that have the same number could not be told apart by it. */
function requireOwnNumbers(catalogue: Catalogue, from: ModelPath, to: ModelPath): void {
  const before = recordedOf(catalogue, from);
  const contents = new Set(before.map(({ id }) => id));
  const numbers = new Set(before.map(({ number }) => number));
  const clash = recordedOf(catalogue, to).find(({ id, number }) => numbers.has(number) && !contents.has(id));
  if (!clash) return;
  throw new TrailError(
    'refused',
    l10n.t(
      '{0} has versions of its own: with those of {1} it would have two that are called {2}. They stay two models.',
      to,
      from,
      versionName(clash),
    ),
  );
}
