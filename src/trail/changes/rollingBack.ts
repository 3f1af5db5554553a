import * as l10n from '@vscode/l10n';
import { messageOf, TrailError } from '../../core/errors.ts';
import type { ContentId, ModelPath, RolledBackFact } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import { type Version, versionName, type WorkingCopy } from '../../core/versions.ts';
import { replaceWithContent } from '../../files/safeWrite.ts';
import { swap } from '../../files/swap.ts';
import type { RollbackPlan, RollbackResult, UndoResult } from '../api/changes.ts';
import type { VersionTarget } from '../api/targets.ts';
import { locate, locateOrFail, whereFrom, withContent } from '../contents/contents.ts';
import { readableContentsIn } from '../contents/listings.ts';
import type { TrailContext } from '../context.ts';
import { append } from './journaling.ts';
import { absolutePath, requireInside } from '../paths.ts';
import { keep, type KeptCopy } from './keeping.ts';
import { linkOf, putLink } from './links.ts';
import { record } from './recording.ts';
import { restoreDirectory } from './restoring.ts';
import { lookAt } from '../catalogue/workingCopies.ts';

/** What a rollback would do; changes nothing. */
export async function planRollback(
  context: TrailContext,
  target: VersionTarget,
  operation: Operation,
): Promise<RollbackPlan> {
  const version = context.catalogue.version(target);
  const working = await lookAt(context, target.model);
  requireReadable(target.model, working);
  const place = await locate(context, version, operation);
  const recorded = working.version !== undefined && isRecorded(context, target.model, working.version);
  return {
    target: version,
    working,
    link: await linkOf(context, target.model),
    records:
      (working.state === 'same' && !recorded) || working.state === 'changed' || working.state === 'unchecked',
    from: place?.kind,
    missing: place ? undefined : await whereFrom(context, version),
  };
}

/** Puts a version's bytes in place of the working copy, after recording what is there. */
export async function rollback(
  context: TrailContext,
  target: VersionTarget,
  operation: Operation,
): Promise<RollbackResult> {
  const version = context.catalogue.version(target);
  await requireInside(context.root, target.model);
  await locateOrFail(context, version, operation);
  const reason = l10n.t('Kept before rolling back to {0}', versionName(version));
  const kept = await keepWorkingCopy(context, target.model, reason, version, operation);
  if (kept.id === version.id) {
    throw new TrailError('refused', l10n.t('{0} already is {1}.', target.model, versionName(version)));
  }
  const fromLink = kept.files ? undefined : await linkOf(context, target.model);
  await put(context, version, kept, operation);
  const fact = await append(context, {
    kind: 'rolledBack',
    by: context.author,
    ...target,
    from: kept.id,
    fromFiles: kept.files?.length,
    fromLink,
  }).catch((error: unknown) => {
    throw notNoted(context, version, kept.id, error);
  });
  return { recorded: kept.recorded, restored: context.catalogue.version(target), factId: fact.id };
}

/** The bytes are in place by then: whoever reads only that something failed takes them for what was there before. */
function notNoted(
  { catalogue }: TrailContext,
  { model, ...version }: Version,
  before: ContentId | null,
  error: unknown,
): TrailError {
  const was = catalogue.versionsOf(model).find(({ id }) => id === before);
  const [now, why] = [versionName(version), messageOf(error)];
  const message = was
    ? l10n.t(
        '{0} is {1} now, but this could not be noted: {2} What was there is {3}.',
        model,
        now,
        why,
        versionName(was),
      )
    : l10n.t('{0} is {1} now, but this could not be noted: {2}', model, now, why);
  return new TrailError('io', message, { cause: error });
}

/** Puts back what a rollback replaced: earlier bytes, a link that still leads to them, or no file at all. */
export async function putBack(
  context: TrailContext,
  { model, from: content, fromFiles, fromLink: link }: RolledBackFact,
  operation: Operation,
): Promise<UndoResult> {
  await requireInside(context.root, model);
  const before = content === null ? undefined : await contentBefore(context, model, content, fromFiles);
  if (content !== null && !(before && (await locate(context, before, operation)))) {
    throw new TrailError(
      'missingBytes',
      l10n.t(
        'What {0} was before the rollback is not on this machine, so the rollback cannot be undone here.',
        model,
      ),
    );
  }
  const reason = l10n.t('Kept before a rollback was undone');
  const kept = await keepWorkingCopy(context, model, reason, before, operation);
  if (content === kept.id) return {};
  const expected = kept.stamp ?? 'missing';
  if (before && link !== undefined) {
    if (await putLink(context, { model, link, id: before.id, expected }, operation)) return {};
  }
  if (before) await put(context, before, kept, operation);
  else if (kept.stamp) await swap(absolutePath(context.root, model), { expected, model }, undefined);
  return link === undefined ? {} : { note: noLink(model, link) };
}

function noLink(model: ModelPath, link: string): string {
  return l10n.t(
    'Before the rollback {0} was a link to {1}. That has other bytes now, or no link can be made here, so {0} stays a file of its own.',
    model,
    link,
  );
}

/** Undefined when nothing is known of it here. A Git LFS pointer was kept and is no version. */
async function contentBefore(
  { catalogue, kept }: TrailContext,
  model: ModelPath,
  id: ContentId,
  files: number | undefined,
): Promise<Version | undefined> {
  const version = catalogue.versionsOf(model).find((candidate) => candidate.id === id);
  if (version || !(await kept.has(id))) return version;
  const size = files === undefined ? await kept.sizeOf(id) : 0;
  const nothing = { time: '', by: { name: '' }, message: '', metrics: {}, params: {} };
  return { model, id, size, files, ...nothing, tags: [], sources: [], sightings: [] };
}

interface KeptWorkingCopy extends Partial<Omit<KeptCopy, 'id'>> {
  /** Null when there is no file. */
  readonly id: ContentId | null;
  readonly recorded?: Version;
}

/** Makes sure that what is on disk can be had again: recorded as a version, unless it is one. @param next what will replace it */
async function keepWorkingCopy(
  context: TrailContext,
  model: ModelPath,
  reason: string,
  next: Version | undefined,
  operation: Operation,
): Promise<KeptWorkingCopy> {
  const working = await lookAt(context, model);
  if (working.state === 'missing') return { id: null };
  requireReadable(model, working);
  const kept = await keepReadable(context, model, next, operation);
  const { id } = kept;
  // A Git LFS pointer is kept, so that it can be put back, but it is no version of the model.
  if (working.state === 'pointer' || isRecorded(context, model, id)) return kept;
  // What Git knows already has a message of its own.
  const message = context.catalogue.versionsOf(model).some((version) => version.id === id)
    ? undefined
    : reason;
  const { version } = await record(context, { model, message }, operation);
  return { ...kept, id: version.id, recorded: version };
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
function requireReadable(model: ModelPath, { state, problem }: WorkingCopy): void {
  if (state === 'unreadable') throw new TrailError('refused', problem ?? model);
}

/** One that was forgotten claims its bytes no more: the next collection of garbage would remove them. */
function isRecorded(context: TrailContext, model: ModelPath, id: ContentId): boolean {
  const version = context.catalogue.factsOf(model)?.versions.get(id);
  return version?.recorded !== undefined && !version.forgotten;
}

async function put(
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
