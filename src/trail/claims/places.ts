import path from 'node:path';
import type { Fact } from '../../core/facts.ts';
import type { Place } from '../../core/keepRules.ts';
import type { Operation } from '../../core/operation.ts';
import { idIn, Journal } from '../../journal/journal.ts';
import type { TrailContext } from '../context.ts';
import { trailFolder } from '../root.ts';
import { committedJournals } from './committedJournals.ts';
import { otherUsersOf } from './storeUsers.ts';
import { factsAtTips, factsNamed } from './tipFacts.ts';
import { saidBy } from './userJournals.ts';
import { foldersInWorktrees } from './whereabouts.ts';

export interface SaidElsewhere {
  readonly where: Place;
  readonly facts: readonly Fact[];
}

/**
 * What the journal says at each place where it may say something else than here: at the tips of branches and tags, in other worktrees, and
 * what that of each other trail says that uses the store. Undefined when one of them cannot be read.
 * @throws TrailError `cancelled`, `io`
 */
export async function saidElsewhere(
  context: TrailContext,
  operation: Pick<Operation, 'signal'>,
): Promise<readonly SaidElsewhere[] | undefined> {
  const known = new Map(context.catalogue.state.facts.map((fact) => [fact.id, fact]));
  const atTips = await saidAtTips(context, known, operation);
  if (!atTips) return undefined;
  const inWorktrees = await saidInWorktrees(context, known);
  const folders = new Set(inWorktrees.map(({ where }) => where.folder));
  const byUsers: SaidElsewhere[] = [];
  for (const user of await otherUsersOf(context.store, context)) {
    const said = await saidBy(context, user, operation);
    if (!said) return undefined;
    const facts = [...said.facts, ...said.committed];
    if (!folders.has(user.root)) byUsers.push({ where: { folder: user.root }, facts });
  }
  return [...atTips, ...inWorktrees, ...byUsers];
}

async function saidAtTips(
  { git, gitPrefix, catalogue }: TrailContext,
  known: Map<string, Fact>,
  operation: Pick<Operation, 'signal'>,
): Promise<readonly SaidElsewhere[] | undefined> {
  if (!git) return [];
  const isUnknown = ({ prefix, name }: { prefix: string; name: string }): boolean =>
    prefix === gitPrefix && !catalogue.hasFact(name);
  const { entries, problem } = await committedJournals(git, isUnknown, operation);
  if (problem !== undefined) return undefined;
  for (const { fact } of entries) if (fact) known.set(fact.id, fact);
  const tips = await factsAtTips(git, gitPrefix, known, operation);
  // What is checked out is as it is here.
  return tips.filter(({ isHere }) => !isHere).map(({ ref, facts }) => ({ where: { ref }, facts }));
}

async function saidInWorktrees(context: TrailContext, known: Map<string, Fact>) {
  const said = [];
  for (const folder of await foldersInWorktrees(context)) {
    const journal = new Journal(path.join(folder, trailFolder, 'journal'));
    // Where something was recorded it is among the users of the store too: then it has to be readable.
    const names = await journal.list().catch(() => []);
    const fresh = await journal.read(names.filter((name) => !known.has(idIn(name) ?? '')));
    for (const { fact } of fresh.facts) known.set(fact.id, fact);
    said.push({ where: { folder }, facts: factsNamed(names, known) });
  }
  return said;
}
