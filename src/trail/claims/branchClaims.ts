import * as l10n from '@vscode/l10n';
import { messageOf, TrailError } from '../../core/errors.ts';
import type { ContentId, Fact } from '../../core/facts.ts';
import { fold, isGivenUp, type TrailState } from '../../core/fold.ts';
import type { Operation } from '../../core/operation.ts';
import type { Problem } from '../api/models.ts';
import { committedJournals, type Entries } from './committedJournals.ts';
import type { TrailContext } from '../context.ts';
import { readableContentsIn } from '../contents/listings.ts';
import { lostFacts } from './lostEntries.ts';
import { repositoryOf } from './repositories.ts';

/** @throws TrailError `refused` when there is a repository, and nobody to say what its other branches have recorded */
export async function requireGit({ root, settings, git }: TrailContext): Promise<void> {
  if (git) return;
  const refused = (why: string): TrailError =>
    new TrailError(
      'refused',
      l10n.t(
        'Nothing is freed while Git cannot be asked: nobody knows which bytes other branches need. {0}',
        why,
      ),
    );
  const since = await repositoryOf(root, settings.gitBinary).catch((error: unknown) => {
    throw refused(messageOf(error));
  });
  if (since) throw refused(l10n.t('Git answers now: open {0} again.', root));
}

/**
 * The contents of versions that were recorded on other branches alone, or by other trails of the repository, as far as that is committed or
 * was written on this machine. What is forgotten here under another name stays for them. Undefined when a branch cannot be read: it may need anything.
 * @param here the names of the entries that are known
 */
export async function claimedOnBranches(
  context: TrailContext,
  here: ReadonlySet<string>,
  operation: Pick<Operation, 'signal'>,
): Promise<ReadonlySet<ContentId> | undefined> {
  const { catalogue, gitPrefix, journalCopy } = context;
  const { entries, problem } = await entriesElsewhere(context, here, operation);
  if (problem !== undefined) return undefined;
  const claimed = new Set(entries.flatMap(({ named }) => named));
  const claim = async (facts: readonly Fact[], others: readonly Fact[] = []): Promise<void> => {
    const { models } = fold([...others, ...facts]);
    for (const id of await contentsOfFacts(context, facts, models)) claimed.add(id);
  };
  const copied = await journalCopy.others();
  for (const trail of new Set([...entries.map(({ prefix }) => prefix), ...copied.keys()])) {
    const committed = entries.flatMap(({ prefix, fact }) => (prefix === trail ? (fact ?? []) : []));
    // What they wrote here may be brought back.
    const facts = [...committed, ...(copied.get(trail) ?? []).map(({ fact }) => fact)];
    // What another trail has forgotten counts when that is committed.
    await claim(facts, trail === gitPrefix ? catalogue.state.facts : []);
  }
  // Another worktree may have lost it, which knows nothing of what is forgotten here.
  await claim((await lostFacts(context, operation)).map(({ fact }) => fact));
  return claimed;
}

async function contentsOfFacts(
  { store }: TrailContext,
  facts: readonly Fact[],
  models: TrailState['models'],
): Promise<readonly ContentId[]> {
  const claimed: ContentId[] = [];
  for (const fact of facts) {
    if (fact.kind !== 'recorded') continue;
    const version = models.get(fact.model)?.versions.get(fact.version);
    if (version && isGivenUp(version)) continue;
    // Where a list of files is damaged, it stays, and what it says is known to nobody.
    claimed.push(...(await readableContentsIn(store, { id: fact.version, files: fact.files })));
  }
  return claimed;
}

/** The branches because of which nothing is given up: what they need cannot be read. */
export async function unreadableBranches(
  context: TrailContext,
  operation: Pick<Operation, 'signal'>,
): Promise<readonly Problem[]> {
  const here = new Set(context.catalogue.factNames());
  const { problem } = await entriesElsewhere(context, here, operation);
  if (problem === undefined) return [];
  const message = l10n.t(
    'No recorded bytes can be freed: what a branch needs cannot be read. Mend the branch, or delete it if it is gone for good. {0}',
    problem,
  );
  return [{ path: context.root, message }];
}

async function entriesElsewhere(
  { git, gitPrefix }: TrailContext,
  here: ReadonlySet<string>,
  operation: Pick<Operation, 'signal'>,
): Promise<Entries> {
  if (!git) return { entries: [] };
  return committedJournals(git, ({ prefix, name }) => prefix !== gitPrefix || !here.has(name), operation);
}
