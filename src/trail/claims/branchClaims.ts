import * as l10n from '@vscode/l10n';
import { messageOf, TrailError } from '../../core/errors.ts';
import type { ContentId, Fact } from '../../core/facts.ts';
import { fold, isGivenUp } from '../../core/fold.ts';
import type { Operation } from '../../core/operation.ts';
import type { Problem } from '../api/models.ts';
import { committedJournals, type Entries } from './committedJournals.ts';
import type { TrailContext } from '../context.ts';
import { readableContentsIn } from '../contents/listings.ts';
import { lostFacts } from './lostEntries.ts';
import { repositoryOf } from './repositories.ts';
import { factsAtTips } from './tipFacts.ts';

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
 * was written on this machine. What is forgotten here stays for them. Undefined when a branch cannot be read: it may need anything.
 * @param here the names of the entries that are known
 */
export async function claimedOnBranches(
  context: TrailContext,
  here: ReadonlySet<string>,
  operation: Pick<Operation, 'signal'>,
): Promise<ReadonlySet<ContentId> | undefined> {
  const { git, catalogue, journalCopy } = context;
  const { entries, problem } = await entriesElsewhere(context, here, operation);
  if (problem !== undefined) return undefined;
  const claimed = new Set(entries.flatMap(({ named }) => named));
  const claim = async (facts: readonly Fact[], isGone: (record: Fact) => boolean): Promise<void> => {
    for (const fact of facts) {
      if (fact.kind !== 'recorded' || isGone(fact)) continue;
      // Where a list of files is damaged, it stays, and what it says is known to nobody.
      const contents = await readableContentsIn(context.store, { id: fact.version, files: fact.files });
      for (const id of contents) claimed.add(id);
    }
  };
  const known = new Map(catalogue.state.facts.map((fact) => [fact.id, fact]));
  for (const { fact } of entries) if (fact) known.set(fact.id, fact);
  const copied = await journalCopy.others();
  for (const trail of new Set([...entries.map(({ prefix }) => prefix), ...copied.keys()])) {
    const committed = entries.flatMap(({ prefix, fact }) => (prefix === trail ? (fact ?? []) : []));
    // What they wrote here may be brought back.
    const written = (copied.get(trail) ?? []).map(({ fact }) => fact);
    const isContested = wasForgotten([...known.values(), ...written]);
    const facts = [...committed, ...written];
    const tips = git && facts.some(isContested) ? await factsAtTips(git, trail, known, operation) : [];
    const atTips = tips.map((tip) => tip.facts);
    const seen = new Set(atTips.flat().map(({ id }) => id));
    const rest = committed.filter(({ id }) => !seen.has(id));
    await claim(facts, givenUpIn([...atTips, [...rest, ...written]]));
  }
  // Another worktree may have lost it, which knows nothing of what is forgotten here.
  const lost = (await lostFacts(context, operation)).map(({ fact }) => fact);
  await claim(lost, givenUpIn([lost]));
  return claimed;
}

/** Says whether a fact is of a content that was forgotten, by anybody. */
function wasForgotten(facts: readonly Fact[]): (fact: Fact) => boolean {
  const forgotten = new Set(facts.flatMap((fact) => (fact.kind === 'forgotten' ? fact.version : [])));
  return (fact) => 'version' in fact && fact.version !== undefined && forgotten.has(fact.version);
}

/**
 * Says whether what was recorded was given up at a place that knows of it: who gives up a content says nothing of one that somebody else has
 * recorded apart from that, before or after.
 */
function givenUpIn(places: readonly (readonly Fact[])[]): (record: Fact) => boolean {
  const gone = new Set<Fact['id']>();
  for (const facts of places) {
    const { models } = fold(facts);
    for (const fact of facts) {
      if (fact.kind !== 'recorded') continue;
      const version = models.get(fact.model)?.versions.get(fact.version);
      if (version && isGivenUp(version)) gone.add(fact.id);
    }
  }
  return ({ id }) => gone.has(id);
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
