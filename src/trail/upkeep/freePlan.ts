import type { ContentId, ModelPath } from '../../core/facts.ts';
import { applyKeepRules, type KeepDecision, type KeepRules } from '../../core/keepRules.ts';
import { type Operation, throwIfCancelled } from '../../core/operation.ts';
import type { Version } from '../../core/versions.ts';
import type { Shares } from '../../store/shares.ts';
import type { FreePlan, FreeableVersion } from '../api/store.ts';
import type { ReadJournal } from '../claims/claims.ts';
import { heldElsewhere } from '../claims/heldElsewhere.ts';
import type { TrailContext } from '../context.ts';
import { requireThere } from '../missingStore.ts';
import { claimedWithout } from './forgetPlan.ts';
import { planGivenUp } from './givenUp.ts';
import { explained } from './keepReasonText.ts';
import { bytesOf, readableBytesOf } from '../contents/listings.ts';
import { check, lookAt } from '../catalogue/workingCopies.ts';

/** Which versions would go by some rules, and why the others stay. */
export async function planFree(
  context: TrailContext,
  rules: KeepRules,
  now: Date,
  readJournal: ReadJournal,
  operation: Operation,
): Promise<FreePlan> {
  requireThere(context);
  const { catalogue, store } = context;
  const shares = await store.shares(operation);
  const models = catalogue.models();
  const inUse = new Map<ModelPath, ReadonlySet<ContentId>>();
  const here = new Map<ModelPath, readonly Version[]>();
  for (const model of models) {
    inUse.set(model, await contentsInUse(context, model, operation));
    here.set(model, await versionsHere(context, model, shares));
  }

  const held = await heldElsewhere(context, operation);
  const decide = (model: ModelPath, also: Iterable<ContentId>): KeepDecision[] =>
    applyKeepRules(here.get(model) ?? [], rules, new Set([...(inUse.get(model) ?? []), ...also]), now, held);
  const first = models.map((model) => decide(model, []));
  // Giving up what another model keeps would free nothing, so it is kept here too.
  const staying = new Set<ContentId>();
  for (const { version, reasons } of first.flat()) {
    if (reasons.length === 0) continue;
    staying.add(version.id);
    // Without its weights a graph is nothing.
    for (const id of Object.values(version.externalData ?? {})) staying.add(id);
  }
  const decisions = models.flatMap((model, index) => {
    const going = (first[index] ?? []).filter(({ reasons }) => reasons.length === 0);
    return decide(
      model,
      // Nor are weights without a graph, which is small and may have had others later.
      going.flatMap(({ version: { id, externalData } }) => (staying.has(id) || externalData ? [id] : [])),
    );
  });
  const going = decisions.flatMap(({ version, reasons }) => (reasons.length === 0 ? [version] : []));
  const isClaimed = await claimedWithout(context, going, readJournal, operation);
  const free: FreeableVersion[] = [];
  const gone: ContentId[] = [];
  for (const version of going) {
    const contents = (await bytesOf(store, version)).filter((id) => !isClaimed(id));
    free.push({ version, bytes: await shares.own(contents, operation) });
    gone.push(...contents);
  }
  const givenUp = await planGivenUp(context, isClaimed, shares, operation);
  gone.push(...givenUp.contents);
  return {
    keep: decisions.filter(({ reasons }) => reasons.length > 0).map(explained),
    free,
    givenUp: givenUp.versions,
    bytes: await shares.own(gone, operation),
    stored: shares.total,
  };
}

/** Those that are in the store: of a directory that is elsewhere the list may be here, and files that others share. */
async function versionsHere(
  { catalogue, store }: TrailContext,
  model: ModelPath,
  { sizes }: Shares,
): Promise<readonly Version[]> {
  const here: Version[] = [];
  for (const version of catalogue.versionsOf(model)) {
    if (!sizes.has(version.id)) continue;
    const contents = await readableBytesOf(store, version);
    if (contents.length > 0 && contents.every((id) => sizes.has(id))) here.push(version);
  }
  return here;
}

/** What the working copy is or came from, and what the undo of the last rollback would put back. */
async function contentsInUse(
  context: TrailContext,
  model: ModelPath,
  operation: Operation,
): Promise<ReadonlySet<ContentId>> {
  const { catalogue } = context;
  const used = new Set<ContentId>();
  const head = catalogue.factsOf(model)?.head;
  if (head !== undefined) used.add(head);
  const working = await check(context, model, operation).catch(() => lookAt(context, model));
  throwIfCancelled(operation);
  if (working.version !== undefined) used.add(working.version);
  // One that cannot be read now may be any of its size.
  if (working.state === 'unchecked') {
    for (const { id, size } of catalogue.versionsOf(model)) if (size === working.size) used.add(id);
  }
  const rollback = catalogue.lastRollback(model);
  if (rollback?.from != null) used.add(rollback.from);
  return used;
}
