import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import type { ModelPath } from '../core/facts.ts';
import { shellArgument } from '../core/shellArgument.ts';
import { type Version, versionName } from '../core/versions.ts';
import type { Resolved } from '../trail/api/targets.ts';
import type { Session } from './command.ts';
import { nearest } from './nearest.ts';

export async function modelNames(session: Session): Promise<ReadonlySet<ModelPath>> {
  return new Set((await session.trail.models()).map((row) => row.path));
}

/** What a REF means; its model may be written relative to the current directory. */
export async function resolve(session: Session, reference: string): Promise<Resolved> {
  return session.trail.resolve(
    session.paths.toReference(reference, await modelNames(session)),
    session.operation,
  );
}

/**
 * The version that a REF means. A model alone is the version that its working copy is.
 * @throws TrailError `refused` when the working copy is none
 */
export async function resolveVersion(session: Session, reference: string): Promise<Version> {
  const { model, version } = await resolve(session, reference);
  if (version) return version;
  const working = await session.trail.checkWorkingCopy(model, session.operation);
  const { version: id } = working;
  const found = id === undefined ? undefined : await session.trail.version({ model, version: id });
  if (found) return found;
  throw new TrailError(
    'refused',
    l10n.t(
      '{0} as it is on disk is not a known version. Record it first, or name a version: {0}@v1.',
      session.paths.shown(model),
    ),
  );
}

/** How to speak of a version of a model in a sentence: `models/churn.onnx v4`. */
export function spoken(session: Session, version: Version): string {
  return `${session.paths.shown(version.model)} ${versionName(version)}`;
}

/** One sentence on a file that seems to be another model's, with the command that says so. */
export function movedText({ paths }: Session, model: ModelPath, from: ModelPath): string {
  const [now, before] = [paths.shown(model), paths.shown(from)];
  return l10n.t(
    '{0} has the content of {1}, which is gone. If it was renamed, this has it go on with that history: {2}',
    now,
    before,
    ['modeltrail rename', shellArgument(before), shellArgument(now)].join(' '),
  );
}

/** A TrailError `notFound`, with what the model is called now, or the one that was probably meant. */
export async function unknownModel(
  session: Session,
  model: ModelPath,
  known: Iterable<ModelPath>,
): Promise<TrailError> {
  const shown = session.paths.shown(model);
  const now = await session.trail.calledNow(model);
  if (now !== undefined)
    return new TrailError('notFound', l10n.t('{0} is called {1} now.', shown, session.paths.shown(now)));
  const meant = nearest(model, known);
  return new TrailError(
    'notFound',
    meant === undefined
      ? l10n.t('There is no model "{0}". `modeltrail status` lists the models.', shown)
      : l10n.t('There is no model "{0}". Did you mean "{1}"?', shown, session.paths.shown(meant)),
  );
}
