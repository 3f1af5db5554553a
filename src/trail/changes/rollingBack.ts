import * as l10n from '@vscode/l10n';
import { messageOf, TrailError } from '../../core/errors.ts';
import type { ContentId } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import { type Version, versionName } from '../../core/versions.ts';
import type { RollbackPlan, RollbackResult } from '../api/changes.ts';
import type { RollbackTarget } from '../api/targets.ts';
import { lookAtPath } from '../catalogue/workingCopies.ts';
import { locate, locateOrFail } from '../contents/contents.ts';
import { whereFrom } from '../contents/whereFrom.ts';
import type { TrailContext } from '../context.ts';
import { dataToRollBack, unknownData } from './dataToRollBack.ts';
import { requireInside } from '../paths.ts';
import { append } from './journaling.ts';
import { linkOf } from './links.ts';
import {
  isRecorded,
  keepWorkingCopy,
  type KeptWorkingCopy,
  put as putInPlace,
  requireReadable,
} from './replacing.ts';
import { type PutFile, takeBack } from './takingBack.ts';

/** What a rollback would do; changes nothing. Reads what the files with the weights of an ONNX model are now. */
export async function planRollback(
  context: TrailContext,
  target: RollbackTarget,
  operation: Operation,
): Promise<RollbackPlan> {
  const version = context.catalogue.version(target);
  const plan = await planOf(context, version, operation);
  if (!plan.from) return { ...plan, externalData: [] };
  const { changed, ...staying } = await dataToRollBack(context, version, target.at, operation);
  const externalData: (typeof plan)[] = [];
  for (const data of changed) externalData.push(await planOf(context, data, operation));
  return { ...plan, externalData, unknownData: unknownData(version, staying) };
}

async function planOf(
  context: TrailContext,
  version: Version,
  operation: Operation,
): Promise<Omit<RollbackPlan, 'externalData' | 'unknownData'>> {
  const { model } = version;
  const working = await lookAtPath(context, model);
  requireReadable(model, working);
  const place = await locate(context, version, operation);
  const recorded = working.version !== undefined && isRecorded(context, model, working.version);
  return {
    target: version,
    working,
    link: await linkOf(context, model),
    records:
      (working.state === 'same' && !recorded) || working.state === 'changed' || working.state === 'unchecked',
    from: place?.kind,
    missing: place ? undefined : await whereFrom(context, version),
  };
}

/**
 * Puts a version's bytes in place of the working copy, after recording what is there; with it the files with the weights of an ONNX
 * model, as they were recorded together with the version.
 */
export async function rollback(
  context: TrailContext,
  target: RollbackTarget,
  operation: Operation,
): Promise<RollbackResult> {
  const version = context.catalogue.version(target);
  await requireInside(context.root, target.model);
  await locateOrFail(context, version, operation);
  const { changed, ...staying } = await dataToRollBack(context, version, target.at, operation);
  for (const data of changed) {
    await requireInside(context.root, data.model);
    await locateOrFail(context, data, operation);
  }
  const stays = unknownData(version, staying);
  const reason = l10n.t('Kept before rolling back to {0}', versionName(version));
  // While its weights are still those that are there with it.
  const kept = await keepWorkingCopy(context, target.model, reason, version, operation);
  if (kept.id === version.id && changed.length === 0) {
    const already = l10n.t('{0} already is {1}.', target.model, versionName(version));
    throw new TrailError('refused', stays === undefined ? already : `${already} ${stays}`);
  }
  const put: PutFile[] = [];
  try {
    const externalData: RolledBack[] = [];
    for (const data of changed) {
      const before = await keepWorkingCopy(context, data.model, reason, data, operation);
      const recorded = before.recorded ?? kept.alongside?.find(({ model }) => model === data.model);
      externalData.push(await rollBackTo(context, data, { ...before, recorded }, put, operation));
    }
    const together = externalData.length > 0 ? externalData.map(({ factId }) => factId) : undefined;
    const rolledBack = await rollBackTo(context, version, kept, put, operation, together);
    return { ...rolledBack, externalData, unknownData: stays };
  } catch (error) {
    if (changed.length > 0) throw await takeBack(context, version, put, error);
    throw put.length > 0 ? notNoted(context, version, kept.id, error) : error;
  }
}

type RolledBack = Pick<RollbackResult, 'recorded' | 'restored' | 'factId'>;

/** @param put is told what was put in place, also where that could not be noted */
async function rollBackTo(
  context: TrailContext,
  version: Version,
  kept: KeptWorkingCopy,
  put: PutFile[],
  operation: Operation,
  together?: readonly string[],
): Promise<RolledBack> {
  const target = { model: version.model, version: version.id };
  // Of an ONNX model only the weights may be others.
  const isOther = kept.id !== version.id;
  const fromLink = isOther ? await linkOf(context, version.model) : undefined;
  const replaced = { from: kept.id, fromFiles: kept.files?.length, fromLink };
  if (isOther) await putInPlace(context, version, kept, operation);
  const at = put.push({ model: version.model, ...replaced }) - 1;
  const fact = await append(context, {
    kind: 'rolledBack',
    by: context.author,
    ...target,
    ...replaced,
    together,
  });
  put[at] = { model: version.model, ...replaced, factId: fact.id };
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
