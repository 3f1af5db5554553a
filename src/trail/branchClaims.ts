import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import type { ContentId, Fact } from '../core/facts.ts';
import { fold } from '../core/fold.ts';
import { BlobReader } from '../history/blobs.ts';
import { commonDirOf } from '../history/commonDir.ts';
import type { Git } from '../history/git.ts';
import { gitOutput, splitOutput } from '../history/process.ts';
import { maxFactBytes, parseFact } from '../journal/factFile.ts';
import type { TrailContext } from './context.ts';
import { contentsIn } from './listings.ts';
import { nearestWith, trailFolder } from './root.ts';

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
 * name stays for them.
 */
export async function claimedOnBranches(context: TrailContext): Promise<ReadonlySet<ContentId>> {
  const { catalogue, store } = context;
  const { facts, named } = await factsOnBranches(context);
  const claimed = new Set(named);
  const { models } = fold([...catalogue.state.facts, ...facts]);
  for (const fact of facts) {
    if (fact.kind !== 'recorded' || models.get(fact.model)?.versions.get(fact.version)?.forgotten) continue;
    for (const id of await contentsIn(store, { id: fact.version, files: fact.files })) claimed.add(id);
  }
  return claimed;
}

interface OtherFacts {
  readonly facts: readonly Fact[];
  /** What is named by entries that nobody understands; they cannot be mended any more. */
  readonly named: readonly ContentId[];
}

/** What the journal says on other branches, and not here. */
async function factsOnBranches({ git, gitPrefix, catalogue }: TrailContext): Promise<OtherFacts> {
  const facts: Fact[] = [];
  const named: ContentId[] = [];
  if (!git) return { facts, named };
  const here = new Set(catalogue.factNames());
  const reader = new BlobReader(git);
  try {
    for (const { oid, name, id } of await committedEntries(git, `${gitPrefix}${trailFolder}/journal`)) {
      if (here.has(name)) continue;
      // In a partial clone it may not be here: then nothing of it was recorded here.
      const text = (await reader.small(oid, maxFactBytes))?.toString('utf8') ?? '';
      const fact = understood(id, text);
      if (fact) facts.push(fact);
      else named.push(...(text.match(/\b[0-9a-f]{64}\b/g) ?? []));
    }
  } finally {
    reader.dispose();
  }
  return { facts, named };
}

interface CommittedEntry {
  readonly oid: string;
  /** In the journal. */
  readonly name: string;
  readonly id: string;
}

async function committedEntries(git: Git, journal: string): Promise<readonly CommittedEntry[]> {
  const entries: CommittedEntry[] = [];
  const args = ['rev-list', '--all', '--full-history', '--objects', '--missing=allow-promisor'];
  const output = gitOutput(git, [...args, '--', `:(top,literal)${journal}`]);
  for await (const lines of splitOutput(output, '\n')) {
    for (const line of lines) {
      const [, oid = '', name = '', id = ''] =
        /^([0-9a-f]+) .*\/(\d{4}-\d\d\/([0-9A-Z]{26})\.json)$/.exec(line) ?? [];
      if (oid !== '') entries.push({ oid, name, id });
    }
  }
  return entries;
}

function understood(id: string, text: string): Fact | undefined {
  try {
    return parseFact(id, text);
  } catch {
    return undefined;
  }
}
