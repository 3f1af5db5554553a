import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import type { ContentId } from '../core/facts.ts';
import { type Operation, throwIfCancelled } from '../core/operation.ts';
import { type Version, versionName } from '../core/versions.ts';
import type { ForgetResult, GarbageReport, VersionTarget } from './api.ts';
import type { TrailContext } from './context.ts';
import { append } from './journaling.ts';
import { finishMove } from './moving.ts';
import { othersWant } from './storeUsers.ts';

/** Counts in what came to the journal. */
export type ReadJournal = () => Promise<unknown>;

/**
 * Gives up the bytes of versions. The fact comes first: a version never claims bytes that it lost without saying so. Should it end
 * there, the next collection of garbage does the rest.
 */
export async function forget(
  context: TrailContext,
  targets: readonly VersionTarget[],
  readJournal: ReadJournal,
  operation: Operation,
): Promise<ForgetResult> {
  const versions = targets.map((target) => context.catalogue.version(target));
  for (const version of versions) requireForgettable(version);
  const shares = await context.store.shares(operation);
  throwIfCancelled(operation);
  for (const { id, model } of versions) {
    await append(context, { kind: 'forgotten', by: context.author, model, version: id });
  }
  const gone: ContentId[] = [];
  for (const { id } of versions) if (await giveUp(context, id, readJournal)) gone.push(id);
  const forgotten = targets.map((target) => context.catalogue.version(target));
  return { forgotten, bytes: shares.own(gone) };
}

/** What would be free if versions were forgotten, in bytes. */
export async function planForget(
  context: TrailContext,
  targets: readonly VersionTarget[],
  operation: Operation,
): Promise<number> {
  const versions = targets.map((target) => context.catalogue.version(target));
  for (const version of versions) requireForgettable(version);
  const others = await othersWant(context);
  const staying = new Set(
    recordedVersions(context)
      .filter((version) => !version.forgotten && !isAmong(targets, version))
      .map(({ id }) => id),
  );
  const shares = await context.store.shares(operation);
  return shares.own(versions.map(({ id }) => id).filter((id) => !staying.has(id) && !others(id)));
}

/** Removes what nobody needs, after finishing what was forgotten halfway. */
export async function collectGarbage(
  context: TrailContext,
  readJournal: ReadJournal,
  operation: Operation,
): Promise<GarbageReport> {
  await finishMove(context, operation);
  const { catalogue, store } = context;
  const isWanted = async (id: ContentId): Promise<boolean> => (await wanted(context, readJournal))(id);
  await store.finishForgetting(isWanted);
  const forgotten = catalogue
    .models()
    .flatMap((model) =>
      catalogue.versionsOf(model).flatMap((version) => (version.forgotten ? [version.id] : [])),
    );
  for (const id of forgotten) {
    throwIfCancelled(operation);
    if (await store.has(id)) await giveUp(context, id, readJournal);
  }
  return store.collectGarbage(operation);
}

async function giveUp(context: TrailContext, id: ContentId, readJournal: ReadJournal): Promise<boolean> {
  if ((await wanted(context, readJournal))(id)) return false;
  return context.store.forget(id, async () => (await wanted(context, readJournal))(id));
}

/** Says whether a version of any model that uses the store, known here or elsewhere, claims a content. */
async function wanted(context: TrailContext, readJournal: ReadJournal): Promise<(id: ContentId) => boolean> {
  await readJournal();
  const others = await othersWant(context);
  const claimed = new Set<ContentId>();
  const known = new Set<ContentId>();
  for (const version of recordedVersions(context)) {
    known.add(version.id);
    if (!version.forgotten) claimed.add(version.id);
  }
  // What nothing is known of may belong to another branch.
  return (id) => claimed.has(id) || !known.has(id) || others(id);
}

function recordedVersions({ catalogue }: TrailContext): readonly Version[] {
  const versions = catalogue.models().flatMap((model) => catalogue.versionsOf(model));
  return versions.filter(({ number }) => number !== undefined);
}

function isAmong(targets: readonly VersionTarget[], { model, id }: Version): boolean {
  return targets.some((target) => target.model === model && target.version === id);
}

function requireForgettable(version: Version): void {
  const name = versionName(version);
  if (version.number === undefined) {
    throw new TrailError(
      'refused',
      l10n.t('{0} of {1} was never recorded here: there is nothing to give up.', name, version.model),
    );
  }
  if (version.forgotten) {
    throw new TrailError(
      'refused',
      l10n.t('The bytes of {0} of {1} were given up before.', name, version.model),
    );
  }
}
