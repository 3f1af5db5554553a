import type { Fact } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import type { Git } from '../../history/git.ts';
import { filesOfTips, type TipFiles } from '../../history/tipFiles.ts';
import { idIn } from '../../journal/journal.ts';
import { trailFolder } from '../root.ts';

/** Facts by their ids. */
export type KnownFacts = ReadonlyMap<string, Fact>;

export interface TipFacts extends Pick<TipFiles, 'ref' | 'isHere'> {
  readonly facts: readonly Fact[];
}

/**
 * What the journal of a trail says at each tip of {@link filesOfTips}, as far as the facts are known.
 * @param prefix of the trail, as in {@link Git.prefix}
 * @throws TrailError `io`, `cancelled`
 */
export async function factsAtTips(
  git: Git,
  prefix: string,
  known: KnownFacts,
  { signal }: Pick<Operation, 'signal'>,
): Promise<readonly TipFacts[]> {
  const tips = await filesOfTips(git, `${prefix}${trailFolder}/journal`, signal);
  return tips.map(({ ref, isHere, files }) => ({ ref, isHere, facts: factsNamed(files, known) }));
}

/** Those of the facts that entries are named for. */
export function factsNamed(names: readonly string[], known: KnownFacts): readonly Fact[] {
  return names.flatMap((name) => known.get(idIn(name) ?? '') ?? []);
}
