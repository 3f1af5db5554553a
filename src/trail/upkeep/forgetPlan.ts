import type { ContentId } from '../../core/facts.ts';
import type { HeldElsewhere } from '../../core/keepRules.ts';
import type { Operation } from '../../core/operation.ts';
import type { Version } from '../../core/versions.ts';
import type { ForgetPlan } from '../api/store.ts';
import type { VersionTarget } from '../api/targets.ts';
import { claimsOf, type ReadJournal } from '../claims/claims.ts';
import { heldElsewhere } from '../claims/heldElsewhere.ts';
import type { TrailContext } from '../context.ts';
import { bytesHere, forgettable, saidToForget } from './freeing.ts';
import { planGivenUp } from './givenUp.ts';
import { explained } from './keepReasonText.ts';
import { supposing } from '../changes/journaling.ts';

/** What would be free if versions were forgotten, as `forget` would say, and what would go besides. */
export async function planForget(
  context: TrailContext,
  targets: readonly VersionTarget[],
  readJournal: ReadJournal,
  operation: Operation,
): Promise<ForgetPlan> {
  const versions = forgettable(context, targets);
  const isClaimed = await claimedWithout(context, versions, readJournal, operation);
  const going = (await bytesHere(context, versions)).filter((id) => !isClaimed(id));
  const shares = await context.store.shares(operation);
  const { versions: givenUp } = await planGivenUp(context, isClaimed, shares, operation);
  const held = await heldElsewhere(context, operation);
  return {
    bytes: await shares.own(going, operation),
    givenUp,
    heldElsewhere: versions
      .map((version) => ({ version, reasons: held(version.id).filter((reason) => isNews(reason, version)) }))
      .filter(({ reasons }) => reasons.length > 0)
      .map(explained),
  };
}

/** Whether something is said elsewhere of a version that is not said here. */
function isNews(reason: HeldElsewhere, { tags, stage }: Version): boolean {
  switch (reason.kind) {
    case 'taggedElsewhere':
      return !tags.includes(reason.name);
    case 'stagedElsewhere':
      return stage !== reason.name;
    case 'inUseElsewhere':
      return true;
    case 'unknown':
      return false;
  }
}

/** Says what would still be claimed if versions were forgotten. @throws TrailError like `claimsOf` */
export async function claimedWithout(
  context: TrailContext,
  versions: readonly Version[],
  readJournal: ReadJournal,
  operation: Pick<Operation, 'signal'>,
): Promise<(id: ContentId) => boolean> {
  const catalogue = supposing(context, saidToForget(context, versions));
  const claims = await claimsOf({ ...context, catalogue }, readJournal, operation);
  return claims();
}
