import type { ContentId } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import type { Version } from '../../core/versions.ts';
import type { VersionTarget } from '../api/targets.ts';
import { claimsOf, type ReadJournal } from '../claims/claims.ts';
import type { TrailContext } from '../context.ts';
import { forgettable, saidToForget } from './freeing.ts';
import { supposing } from '../changes/journaling.ts';
import { bytesOf } from '../contents/listings.ts';

/** What would be free if versions were forgotten, in bytes: `forget` would say the same. */
export async function planForget(
  context: TrailContext,
  targets: readonly VersionTarget[],
  readJournal: ReadJournal,
  operation: Operation,
): Promise<number> {
  const versions = forgettable(context, targets);
  const isClaimed = await claimedWithout(context, versions, readJournal, operation);
  const going: ContentId[] = [];
  for (const version of versions) going.push(...(await bytesOf(context.store, version)));
  const shares = await context.store.shares(operation);
  return shares.own(
    going.filter((id) => !isClaimed(id)),
    operation,
  );
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
