import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { messageOf, TrailError } from '../core/errors.ts';
import type { ContentId } from '../core/facts.ts';
import { fold } from '../core/fold.ts';
import type { Operation } from '../core/operation.ts';
import { commonDirOf } from '../history/commonDir.ts';
import { GitFailed } from '../history/process.ts';
import type { Problem } from './api/models.ts';
import { committedEntries, type Entry, readEntries } from './committedJournals.ts';
import type { TrailContext } from './context.ts';
import { readableContentsIn } from './listings.ts';
import { nearestWith } from './root.ts';

/** @throws TrailError `refused` when there is a repository, and nobody to say what its other branches have recorded */
export async function requireGit({ root, git, problems }: TrailContext): Promise<void> {
  const top = nearestWith(root, '.git');
  if (git || top === undefined) return;
  const dotGit = path.join(top, '.git');
  const [problem] = problems;
  // Git answered, and found no working tree there: of a bare repository no branch is checked out here.
  if (!problem && (await commonDirOf(dotGit))) return;
  throw new TrailError(
    'refused',
    l10n.t(
      'Nothing is freed while Git cannot be asked: nobody knows which bytes other branches need. {0}',
      problem?.message ?? l10n.t('{0} is damaged, or no repository: mend or remove it.', dotGit),
    ),
  );
}

/**
 * The contents of versions that were recorded on other branches alone, as far as that is committed. What is forgotten here under another
 * name stays for them. Undefined when one of them cannot be read: it may need anything.
 * @param here the names of the entries that are known
 */
export async function claimedOnBranches(
  context: TrailContext,
  here: ReadonlySet<string>,
  operation: Pick<Operation, 'signal'>,
): Promise<ReadonlySet<ContentId> | undefined> {
  const { catalogue, store } = context;
  const { entries, problem } = await entriesElsewhere(context, here, operation);
  if (problem !== undefined) return undefined;
  const claimed = new Set(entries.flatMap(({ named }) => named));
  const facts = entries.flatMap(({ fact }) => fact ?? []);
  const { models } = fold([...catalogue.state.facts, ...facts]);
  for (const fact of facts) {
    if (fact.kind !== 'recorded' || models.get(fact.model)?.versions.get(fact.version)?.forgotten) continue;
    // Where a list of files is damaged, it stays, and what it says is known to nobody.
    const contents = await readableContentsIn(store, { id: fact.version, files: fact.files });
    for (const id of contents) claimed.add(id);
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

interface Entries {
  readonly entries: readonly Entry[];
  /** Why there may be others. */
  readonly problem?: string;
}

/** What the journal says on other branches, and not here. */
async function entriesElsewhere(
  { git, gitPrefix }: TrailContext,
  here: ReadonlySet<string>,
  { signal }: Pick<Operation, 'signal'>,
): Promise<Entries> {
  if (!git) return { entries: [] };
  try {
    const committed = await committedEntries(git, signal);
    const elsewhere = committed.filter(({ prefix, name }) => prefix === gitPrefix && !here.has(name));
    return { entries: await readEntries(git, elsewhere, signal) };
  } catch (error) {
    // A Git that is gone is none of the branches' fault.
    const isLost = TrailError.is(error, 'damaged') || TrailError.is(error, 'missingBytes');
    if (!isLost && !(error instanceof GitFailed)) throw error;
    return { entries: [], problem: messageOf(error) };
  }
}
