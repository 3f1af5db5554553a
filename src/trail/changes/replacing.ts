import * as l10n from '@vscode/l10n';
import { systemCode, TrailError } from '../../core/errors.ts';
import type { ContentId, ModelPath } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import type { Version, WorkingCopy } from '../../core/versions.ts';
import { hidesMappedWrites } from '../../files/mappedWrites.ts';
import { replaceWithContent } from '../../files/safeWrite.ts';
import { swap } from '../../files/swap.ts';
import { lookAtPath } from '../catalogue/workingCopies.ts';
import { withContent } from '../contents/contents.ts';
import { readableContentsIn } from '../contents/listings.ts';
import type { TrailContext } from '../context.ts';
import { absolutePath } from '../paths.ts';
import { keep, type KeptCopy } from './keeping.ts';
import { record } from './recording.ts';
import { restoreDirectory } from './restoring.ts';

/** What was on disk before something else is put in its place. */
export interface KeptWorkingCopy extends Partial<Omit<KeptCopy, 'id'>> {
  /** Null when there is no file. */
  readonly id: ContentId | null;
  readonly recorded?: Version;
  /** What the files with its weights were recorded as then, those that had to be. */
  readonly alongside?: readonly Version[];
}

/** Makes sure that what is on disk can be had again: recorded as a version, unless it is one. @param next what will replace it */
export async function keepWorkingCopy(
  context: TrailContext,
  model: ModelPath,
  reason: string,
  next: Version | undefined,
  operation: Operation,
): Promise<KeptWorkingCopy> {
  const working = await lookAtPath(context, model);
  if (working.state === 'missing') return { id: null };
  requireReadable(model, working);
  if (await hidesMappedWrites(absolutePath(context.root, model))) context.stamps.forget(model);
  const kept = await keepReadable(context, model, next, operation).catch((error: unknown) => {
    throw mayNotKeep(model, error) ?? error;
  });
  const { id } = kept;
  // A Git LFS pointer is kept, so that it can be put back, but it is no version of the model.
  if (working.state === 'pointer' || isRecorded(context, model, id)) return kept;
  // What Git knows already has a message of its own.
  const message = context.catalogue.versionsOf(model).some((version) => version.id === id)
    ? undefined
    : reason;
  const { version, externalData } = await record(context, { model, message }, operation);
  const alongside = externalData.filter(({ isNew }) => isNew).map(({ version }) => version);
  return { ...kept, id: version.id, recorded: version, alongside };
}

const forbidden = new Set(['EACCES', 'EPERM', 'EROFS']);

/**
 * Also where the store has all of it: what nobody can date there may be given up, and freed, by somebody who can. Undefined for another failure
 * than that of who may not write.
 */
function mayNotKeep(model: ModelPath, error: unknown): TrailError | undefined {
  if (!TrailError.is(error, 'io') || !forbidden.has(systemCode(error.cause) ?? '')) return undefined;
  const message = l10n.t(
    '{0} The store has to be written to, so that it keeps what {1} is now before that is replaced. Or rename {1} first: then nothing is replaced.',
    error.message,
    model,
  );
  return new TrailError('io', message, { cause: error });
}

/** The file may be the last place where all of it is whole: what of it will be nowhere else is read back, and kept anew if it is damaged. */
async function keepReadable(
  context: TrailContext,
  model: ModelPath,
  next: Version | undefined,
  operation: Operation,
): Promise<KeptCopy> {
  const kept = await keep(context, model, operation);
  if (!kept.isFromBefore) return kept;
  const { store } = context;
  const going = [kept.id, ...(kept.files?.map(({ id }) => id) ?? [])];
  const coming = next ? await readableContentsIn(store, next) : [];
  return (await store.areReadable(going, coming, operation)) ? kept : keep(context, model, operation);
}

/** What cannot be kept is not replaced. @throws TrailError `refused` */
export function requireReadable(model: ModelPath, { state, problem }: WorkingCopy): void {
  if (state === 'unreadable') throw new TrailError('refused', problem ?? model);
}

/** One that was forgotten claims its bytes no more: the next collection of garbage would remove them. */
export function isRecorded(context: TrailContext, model: ModelPath, id: ContentId): boolean {
  const version = context.catalogue.factsOf(model)?.versions.get(id);
  return version?.recorded !== undefined && !version.forgotten;
}

/** Puts the bytes of a version, be it a file or a directory, in place of what was kept. */
export async function put(
  context: TrailContext,
  version: Version,
  kept: KeptWorkingCopy,
  operation: Operation,
): Promise<void> {
  if (version.files !== undefined) return restoreDirectory(context, version, kept, operation);
  const there =
    kept.id === null || kept.files
      ? undefined
      : { file: absolutePath(context.root, version.model), id: kept.id };
  await withContent(
    context,
    version,
    (content) => putFile(context, version, content, kept, operation),
    operation,
    there,
  );
}

async function putFile(
  context: TrailContext,
  version: Version,
  content: AsyncIterable<Uint8Array>,
  kept: KeptWorkingCopy,
  operation: Operation,
): Promise<void> {
  const { id, size, model } = version;
  const file = absolutePath(context.root, model);
  const expected = kept.stamp ?? 'missing';
  // A directory cannot be overwritten by a file.
  if (kept.files) {
    await swap(file, { expected, model }, async (fresh) => {
      await replaceWithContent(fresh, content, { id, size, model }, operation);
    });
    return;
  }
  const stamp = await replaceWithContent(file, content, { id, size, expected, model }, operation);
  context.stamps.remember(model, stamp, id);
}
