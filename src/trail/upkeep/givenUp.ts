import type { ContentId } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import type { Version } from '../../core/versions.ts';
import type { Shares } from '../../store/shares.ts';
import type { GivenUpVersion } from '../api/store.ts';
import { forgottenFact } from '../contents/whereFrom.ts';
import { readableBytesOf } from '../contents/listings.ts';
import type { TrailContext } from '../context.ts';

interface GivenUp {
  readonly version: Version;
  /** Those of its bytes that are in the store. */
  readonly contents: readonly ContentId[];
}

/** Versions that somebody gave up and whose bytes are here still: on another machine, or in what was killed before it got to them. */
export async function givenUpHere({ catalogue, store }: TrailContext): Promise<readonly GivenUp[]> {
  const found: GivenUp[] = [];
  for (const version of catalogue.recordedVersions()) {
    if (!version.forgotten) continue;
    const contents: ContentId[] = [];
    for (const id of await readableBytesOf(store, version)) if (await store.has(id)) contents.push(id);
    if (contents.length > 0) found.push({ version, contents });
  }
  return found;
}

/** Those of which the next collection of garbage takes something, with all that it takes. */
export async function planGivenUp(
  context: TrailContext,
  isClaimed: (id: ContentId) => boolean,
  shares: Shares,
  operation: Operation,
): Promise<{ readonly versions: readonly GivenUpVersion[]; readonly contents: readonly ContentId[] }> {
  const versions: GivenUpVersion[] = [];
  const all: ContentId[] = [];
  for (const { version, contents } of await givenUpHere(context)) {
    const going = contents.filter((id) => !isClaimed(id));
    const fact = forgottenFact(context, version);
    if (going.length === 0 || !fact) continue;
    versions.push({ version, by: fact.by, time: fact.time, bytes: await shares.own(going, operation) });
    all.push(...going);
  }
  return { versions, contents: all };
}
