import { isLost, messageOf, TrailError } from '../../core/errors.ts';
import type { ContentId, Fact } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import { BlobReader } from '../../history/blobs.ts';
import type { Git } from '../../history/git.ts';
import { readLog } from '../../history/log.ts';
import { GitFailed } from '../../history/process.ts';
import { allTips } from '../../history/tips.ts';
import { maxFactBytes, parseFact } from '../../journal/factFile.ts';
import { trailFolder } from '../root.ts';

/** An entry of a journal, as some commit has it. */
export interface CommittedEntry {
  /** Of its trail, as in {@link Git.prefix}. */
  readonly prefix: string;
  /** In the journal. */
  readonly name: string;
  readonly id: string;
  readonly blob: string;
}

/** What an entry says. */
interface Said {
  readonly fact?: Fact;
  /** What is named by one that nobody understands; it cannot be mended any more. */
  readonly named: readonly ContentId[];
}

interface Known {
  /** The commits that the entries were found from. */
  readonly tips: string;
  readonly entries: readonly CommittedEntry[];
  /** By their blobs. */
  readonly read: Map<string, Said>;
}

const journals = `:(top,glob)**/${trailFolder}/journal/**`;
const entryPath = /^((?:.*\/)?)\.modeltrail\/journal\/(\d{4}-\d\d\/([0-9A-Z]{26})\.json)$/;
const known = new WeakMap<Git, Known>();

export type Entry = CommittedEntry & Said;

export interface Entries {
  readonly entries: readonly Entry[];
  /** Why there may be others. */
  readonly problem?: string;
}

/** What the journals of a repository say on its branches, as far as it is asked for. */
export async function committedJournals(
  git: Git,
  isWanted: (entry: CommittedEntry) => boolean,
  { signal }: Pick<Operation, 'signal'>,
): Promise<Entries> {
  try {
    const wanted = (await committedEntries(git, signal)).filter(isWanted);
    return { entries: await readEntries(git, wanted, signal) };
  } catch (error) {
    if (!isBroken(error)) throw error;
    return { entries: [], problem: messageOf(error) };
  }
}

/** The names of all of them. @throws what {@link isBroken} tells of, when a branch cannot be read; TrailError `cancelled` */
export async function committedNames(git: Git, signal: AbortSignal): Promise<ReadonlySet<string>> {
  return new Set((await committedEntries(git, signal)).map(({ name }) => name));
}

/** Whether a branch cannot be read. A Git that is gone is none of the branches' fault. */
export function isBroken(error: unknown): error is Error {
  return isLost(error) || error instanceof GitFailed;
}

/**
 * The entries of all journals of a repository on its branches, its tags, its worktrees and the stash. They are looked for again when one
 * of these moved.
 * @throws TrailError `io` when one of these cannot be read
 */
async function committedEntries(git: Git, signal: AbortSignal): Promise<readonly CommittedEntry[]> {
  const tips = await allTips(git, signal);
  const tipsText = tips.join('\n');
  const before = known.get(git);
  if (before?.tips === tipsText) return before.entries;
  const entries = await findEntries(git, tips, signal);
  known.set(git, { tips: tipsText, entries, read: before?.read ?? new Map<string, Said>() });
  return entries;
}

async function findEntries(
  git: Git,
  tips: readonly string[],
  signal: AbortSignal,
): Promise<readonly CommittedEntry[]> {
  if (tips.length === 0) return [];
  const request = { folder: git.topLevel, prefix: '', pathspecs: [journals], signal };
  const { events } = await readLog(git, request, { tips, known: [] });
  const entries = new Map<string, CommittedEntry>();
  for (const { path, blob } of events) {
    const [, prefix = '', name = '', id = ''] = entryPath.exec(path) ?? [];
    if (blob !== undefined && name !== '') entries.set(`${blob} ${path}`, { prefix, name, id, blob });
  }
  return [...entries.values()];
}

/** What entries say. None is read twice. @throws TrailError `damaged`, `missingBytes` when one cannot be read */
export async function readEntries(
  git: Git,
  entries: readonly CommittedEntry[],
  signal: AbortSignal,
): Promise<readonly Entry[]> {
  const read = known.get(git)?.read ?? new Map<string, Said>();
  const reader = new BlobReader(git, signal);
  const result: Entry[] = [];
  try {
    for (const entry of entries) {
      const said = read.get(entry.blob) ?? parse(entry.id, await textOf(git, reader, entry.blob));
      read.set(entry.blob, said);
      result.push({ ...entry, ...said });
    }
  } finally {
    reader.dispose();
  }
  return result;
}

/** No entry is longer than what is read of it. */
async function textOf(git: Git, reader: BlobReader, blob: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of reader.read(blob)) {
      chunks.push(chunk);
      if ((size += chunk.length) > maxFactBytes) break;
    }
  } catch (error) {
    // In a partial clone it may not be here: then nothing of it was recorded here.
    if (!git.partial || !TrailError.is(error, 'missingBytes')) throw error;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(id: string, text: string): Said {
  try {
    const fact = parseFact(id, text);
    if (fact) return { fact, named: [] };
  } catch {
    // What it names may be what it needs.
  }
  return { named: text.match(/\b[0-9a-f]{64}\b/g) ?? [] };
}
