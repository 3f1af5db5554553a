import path from 'node:path';
import { TrailError } from '../../core/errors.ts';
import type { ContentId, Fact } from '../../core/facts.ts';
import { fold, isGivenUp, type VersionFacts } from '../../core/fold.ts';
import type { Operation } from '../../core/operation.ts';
import type { Git } from '../../history/git.ts';
import { Journal } from '../../journal/journal.ts';
import { JournalCopy } from '../../journal/journalCopy.ts';
import { committedJournals, type Entries } from './committedJournals.ts';
import type { BlockStore } from '../../store/blockStore.ts';
import type { TrailContext } from '../context.ts';
import { readableContentsIn } from '../contents/listings.ts';
import { repositoryOf } from './repositories.ts';
import { folderInRepository, journalCopyName, trailFolder } from '../root.ts';
import { type StoreUser, whereaboutsOf } from './whereabouts.ts';

/** What was read of the journal of another trail; it is not read again. */
interface KnownUser {
  /** By the names of their entries. */
  readonly facts: Map<string, Fact>;
  git?: Git;
}
/** By the store that they use. */
const knownUsers = new WeakMap<BlockStore, Map<string, KnownUser>>();

/** What another trail says. */
interface UserJournal {
  /** Where it is, and what may be brought back there. */
  readonly facts: readonly Fact[];
  /** What is only on branches that it has not checked out. */
  readonly committed: readonly Fact[];
  /** By entries that nobody understands. */
  readonly named: readonly ContentId[];
}

/** The contents that another trail has recorded. Undefined when its journal cannot be read from here. */
export async function recordedBy(
  context: TrailContext,
  user: StoreUser,
  operation: Pick<Operation, 'signal'>,
): Promise<readonly ContentId[] | undefined> {
  const said = await saidBy(context, user, operation);
  if (!said) return undefined;
  const claimed = [...said.named];
  // Each by itself: what is given up on one branch says nothing of what another has recorded apart from that.
  for (const { id, recorded } of [...keptVersions(said.facts), ...keptVersions(said.committed)])
    claimed.push(...(await readableContentsIn(context.store, { id, files: recorded?.files })));
  return claimed;
}

function keptVersions(facts: readonly Fact[]): readonly VersionFacts[] {
  const kept: VersionFacts[] = [];
  for (const { versions } of fold(facts).models.values())
    for (const version of versions.values()) if (version.recorded && !isGivenUp(version)) kept.push(version);
  return kept;
}

/** What another trail says. Undefined when its journal cannot be read from here. */
export async function saidBy(
  context: TrailContext,
  user: StoreUser,
  operation: Pick<Operation, 'signal'>,
): Promise<UserJournal | undefined> {
  const whereabouts = await whereaboutsOf(user, context);
  // What is gone leaves its journal with the branches of this repository.
  if (whereabouts !== 'here')
    return whereabouts === 'gone' ? { facts: [], committed: [], named: [] } : undefined;
  const users = knownUsers.get(context.store) ?? new Map<string, KnownUser>();
  knownUsers.set(context.store, users);
  const known = users.get(user.root) ?? { facts: new Map<string, Fact>() };
  users.set(user.root, known);
  const names = await readFacts(user, known.facts);
  if (!names) return undefined;
  const committed = await committedBy(context, user, known, new Set(names), operation);
  if (committed.problem !== undefined) return undefined;
  const facts = names.flatMap((name) => known.facts.get(name) ?? []);
  const copied = await copiedBy(context, user, names);
  return {
    facts: [...facts, ...copied],
    committed: committed.entries.flatMap(({ fact }) => fact ?? []),
    named: committed.entries.flatMap(({ named }) => named),
  };
}

/** @returns the names of the entries that are there now; undefined when not all of them can be read */
async function readFacts(
  { root }: StoreUser,
  facts: Map<string, Fact>,
): Promise<readonly string[] | undefined> {
  const journal = new Journal(path.join(root, trailFolder, 'journal'));
  const names = await journal.list().catch((error: unknown) => {
    if (!TrailError.is(error, 'io')) throw error;
  });
  if (!names) return undefined;
  const fresh = await journal.read(names.filter((name) => !facts.has(name)));
  for (const { name, fact } of fresh.facts) facts.set(name, fact);
  // One that nobody understands may claim anything.
  return names.every((name) => facts.has(name)) ? names : undefined;
}

/** What it wrote, and may be brought back there. That of trails of this repository is known from the file that they share. */
async function copiedBy(
  { storeFolder }: TrailContext,
  user: StoreUser,
  names: readonly string[],
): Promise<readonly Fact[]> {
  if (user.storeFolder === storeFolder) return [];
  const here = new Set(names);
  const copy = new JournalCopy(path.join(user.storeFolder, journalCopyName), folderInRepository(user.root));
  return (await copy.entries((name) => !here.has(name))).map(({ fact }) => fact);
}

/** What is only on branches that the other trail has not checked out just now. */
async function committedBy(
  { settings, storeFolder }: TrailContext,
  user: StoreUser,
  known: KnownUser,
  here: ReadonlySet<string>,
  operation: Pick<Operation, 'signal'>,
): Promise<Entries> {
  // The branches of this repository are read once for all of its trails.
  if (user.storeFolder === storeFolder) return { entries: [] };
  try {
    // Git is not run in a folder that nobody trusts.
    known.git ??= settings.trusted ? await repositoryOf(user.root, settings.gitBinary) : undefined;
    if (!known.git) return { entries: [] };
    const own = await known.git.prefix(user.root);
    return await committedJournals(
      known.git,
      ({ prefix, name }) => prefix === own && !here.has(name),
      operation,
    );
  } catch (error) {
    if (TrailError.is(error, 'cancelled') || !TrailError.is(error)) throw error;
    return { entries: [], problem: error.message };
  }
}
