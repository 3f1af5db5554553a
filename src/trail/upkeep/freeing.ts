import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import type { ContentId } from '../../core/facts.ts';
import { type Operation, throwIfCancelled, unattended } from '../../core/operation.ts';
import { type Version, versionName } from '../../core/versions.ts';
import type { FactDraft } from '../../journal/journal.ts';
import { addFreed } from '../../store/retiring.ts';
import type { ForgetResult, GarbageReport } from '../api/store.ts';
import type { VersionTarget } from '../api/targets.ts';
import { unreadableBranches } from '../claims/branchClaims.ts';
import { type Claims, claimsOf, type ReadJournal } from '../claims/claims.ts';
import type { TrailContext } from '../context.ts';
import { appendAll } from '../changes/journaling.ts';
import { bytesOf } from '../contents/listings.ts';
import { givenUpHere } from './givenUp.ts';
import { finishMove } from './finishMove.ts';
import { holdersOf } from '../claims/storeUsers.ts';
import { requireThere } from '../missingStore.ts';

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
  const versions = forgettable(context, targets);
  // First, so that no version is called forgotten while all bytes have to stay.
  const claims = await claimsOf(context, readJournal, operation);
  // And what cannot be told of a damaged list could never be given up later.
  const going = await bytesHere(context, versions);
  await context.store.requireMovable(going);
  const shares = await context.store.shares(operation);
  throwIfCancelled(operation);
  await appendAll(context, saidToForget(context, versions));
  const gone = await giveUp(context, going, claims);
  const forgotten = targets.map((target) => context.catalogue.version(target));
  return { forgotten, bytes: await shares.own(gone, unattended) };
}

/** Removes what nobody needs, after finishing what was forgotten halfway. */
export async function collectGarbage(
  context: TrailContext,
  readJournal: ReadJournal,
  operation: Operation,
): Promise<GarbageReport> {
  await finishMove(context, operation);
  requireThere(context);
  const { store } = context;
  const claims = await claimsOf(context, readJournal, operation);
  const finished = await store.finishForgetting(claims);
  const given = new Set((await givenUpHere(context)).flatMap(({ contents }) => contents));
  // What is moved aside now keeps its blocks until the next time: who records it just now may be killed before it is seen.
  const shares = given.size > 0 ? await store.shares(operation) : undefined;
  throwIfCancelled(operation);
  const gone = await giveUp(context, given, claims);
  const later = (await shares?.own(gone, unattended)) ?? 0;
  const { waiting, ...freed } = addFreed(finished, await store.collectGarbage(operation));
  const heldBy = [
    ...(await unreadableBranches(context, operation)),
    ...(await holdersOf(context, operation)),
  ];
  return { ...freed, waiting: waiting + later, heldBy };
}

/** What is claimed now is not even moved aside; what is by then is moved back. */
async function giveUp(
  { store }: TrailContext,
  ids: Iterable<ContentId>,
  claims: Claims,
): Promise<readonly ContentId[]> {
  const isClaimed = await claims();
  return store.forget(
    [...ids].filter((id) => !isClaimed(id)),
    claims,
  );
}

/** @throws TrailError `refused` when there is nothing to give up of one; `notFound` */
export function forgettable(
  { catalogue }: TrailContext,
  targets: readonly VersionTarget[],
): readonly Version[] {
  const versions = targets.map((target) => catalogue.version(target));
  for (const version of versions) requireForgettable(version);
  return versions;
}

/** What is given up with versions. @throws TrailError `refused` when nothing of one is here: who has it would lose it without a word */
export async function bytesHere(
  { store, kept }: TrailContext,
  versions: readonly Version[],
): Promise<readonly ContentId[]> {
  const all: ContentId[] = [];
  for (const version of versions) {
    const contents = await bytesOf(store, version);
    if (!(await anyOf(contents, (id) => kept.has(id)))) throw nothingHere(version);
    all.push(...contents);
  }
  return all;
}

async function anyOf<T>(items: readonly T[], holds: (item: T) => Promise<boolean>): Promise<boolean> {
  for (const item of items) if (await holds(item)) return true;
  return false;
}

function nothingHere(version: Version): TrailError {
  return new TrailError(
    'refused',
    l10n.t(
      'The bytes of {0} of {1}, which {2} recorded, are not in the store on this machine: there is nothing to give up here.',
      versionName(version),
      version.model,
      version.by.name,
    ),
  );
}

/** What the journal is told when versions are forgotten. */
export function saidToForget(
  { author, catalogue }: TrailContext,
  versions: readonly Version[],
): readonly FactDraft[] {
  return versions.map(({ id, model }) => {
    const records = [...(catalogue.factsOf(model)?.versions.get(id)?.standing ?? [])];
    return { kind: 'forgotten', by: author, model, version: id, records };
  });
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
