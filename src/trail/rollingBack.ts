import { rm } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import type { ContentId, ModelPath } from '../core/facts.ts';
import type { Operation } from '../core/operation.ts';
import { type Version, versionName } from '../core/versions.ts';
import { replaceWithContent } from '../files/safeWrite.ts';
import { type FileStamp, sameStamp, stampOf } from '../files/stamp.ts';
import type { RollbackPlan, RollbackResult, VersionTarget } from './api.ts';
import { locate, locateOrFail, whereFrom, withContent } from './contents.ts';
import type { TrailContext } from './context.ts';
import { append } from './journaling.ts';
import { absolutePath } from './paths.ts';
import { keep, record } from './recording.ts';
import { lookAt } from './workingCopies.ts';

/** What a rollback would do; changes nothing. */
export async function planRollback(
  context: TrailContext,
  target: VersionTarget,
  operation?: Operation,
): Promise<RollbackPlan> {
  const version = context.catalogue.version(target);
  const working = await lookAt(context, target.model);
  const place = await locate(context, version, operation);
  const recorded = working.version !== undefined && isRecorded(context, target.model, working.version);
  return {
    target: version,
    working,
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
  await locateOrFail(context, version, operation);
  const reason = l10n.t('Kept before rolling back to {0}', versionName(version));
  const kept = await keepWorkingCopy(context, target.model, reason, operation);
  if (kept.id === version.id) {
    throw new TrailError('refused', l10n.t('{0} already is {1}.', target.model, versionName(version)));
  }
  const expected = kept.stamp ?? 'missing';
  await withContent(
    context,
    version,
    (content) => put(context, target.model, version, content, expected, operation),
    operation,
  );
  const fact = await append(context, {
    kind: 'rolledBack',
    by: context.author,
    ...target,
    from: kept.id,
  });
  return { recorded: kept.recorded, restored: context.catalogue.version(target), factId: fact.id };
}

/** Puts back what a rollback replaced: earlier bytes, or no file at all. */
export async function putBack(
  context: TrailContext,
  model: ModelPath,
  content: ContentId | null,
  operation: Operation,
): Promise<void> {
  const version = context.catalogue.versionsOf(model).find(({ id }) => id === content);
  const isHere =
    content === null || (await (version ? locate(context, version, operation) : context.store.has(content)));
  if (!isHere) {
    throw new TrailError(
      'missingBytes',
      l10n.t(
        'What {0} was before the rollback is not on this machine, so the rollback cannot be undone here.',
        model,
      ),
    );
  }
  const kept = await keepWorkingCopy(context, model, l10n.t('Kept before a rollback was undone'), operation);
  if (content === kept.id) return;
  const expected = kept.stamp ?? 'missing';
  if (version) {
    await withContent(
      context,
      version,
      (bytes) => put(context, model, version, bytes, expected, operation),
      operation,
    );
  } else if (content !== null) {
    const size = await context.store.sizeOf(content);
    await put(context, model, { id: content, size }, context.store.open(content), expected, operation);
  } else if (kept.stamp) {
    await remove(context, model, kept.stamp);
  }
}

interface KeptWorkingCopy {
  /** Null when there is no file. */
  readonly id: ContentId | null;
  readonly stamp?: FileStamp;
  readonly recorded?: Version;
}

/** Makes sure that what is on disk can be had again: recorded as a version, unless it is one. */
async function keepWorkingCopy(
  context: TrailContext,
  model: ModelPath,
  reason: string,
  operation: Operation,
): Promise<KeptWorkingCopy> {
  const working = await lookAt(context, model);
  if (working.state === 'missing') return { id: null };
  if (working.state === 'unreadable') throw new TrailError('refused', working.problem ?? model);
  const { id, stamp } = await keep(context, model, operation);
  // A Git LFS pointer is kept, so that it can be put back, but it is no version of the model.
  if (working.state === 'pointer' || isRecorded(context, model, id)) return { id, stamp };
  // What Git knows already has a message of its own.
  const message = context.catalogue.versionsOf(model).some((version) => version.id === id)
    ? undefined
    : reason;
  const { version } = await record(context, { model, message }, operation);
  return { id: version.id, stamp, recorded: version };
}

function isRecorded(context: TrailContext, model: ModelPath, id: ContentId): boolean {
  return context.catalogue.factsOf(model)?.versions.get(id)?.recorded !== undefined;
}

async function put(
  context: TrailContext,
  model: ModelPath,
  { id, size }: { id: ContentId; size: number },
  content: AsyncIterable<Uint8Array>,
  expected: FileStamp | 'missing',
  operation: Operation,
): Promise<void> {
  const file = absolutePath(context.root, model);
  const stamp = await replaceWithContent(file, content, { id, size, expected, model }, operation);
  context.stamps.remember(model, stamp, id);
}

async function remove(context: TrailContext, model: ModelPath, expected: FileStamp): Promise<void> {
  const file = absolutePath(context.root, model);
  if (!sameStamp(await stampOf(file), expected)) {
    throw new TrailError('refused', l10n.t('{0} changed meanwhile. Nothing was removed.', model));
  }
  await rm(file);
}
