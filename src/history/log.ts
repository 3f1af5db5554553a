import type { PathTest } from '../core/globs.ts';
import type { HistoryCommit, HistoryEvent } from './cache.ts';
import type { Git } from './git.ts';
import { gitOutput, splitOutput } from './process.ts';

export interface LogRequest {
  /** Absolute: the pathspecs are relative to it. */
  readonly folder: string;
  /** Of the folder, as in {@link Git.prefix}. */
  readonly prefix: string;
  /** Folders of which Git reads nothing else. By globs it would choose forty times slower than `isWanted` does. */
  readonly pathspecs: readonly string[];
  /** Chooses paths, relative to the prefix; all, if not given. */
  readonly isWanted?: PathTest;
  readonly signal: AbortSignal;
}

/** Pathspecs for all that is below a prefix. */
export function withinPrefix(prefix: string): readonly string[] {
  return prefix === '' ? [] : ['.'];
}

/** What `tips` reach and `known` do not. */
export interface LogRange {
  readonly tips: readonly string[];
  readonly known: readonly string[];
}

/** A commit as Git lists it, before it has its number. */
export interface LoggedCommit extends Omit<HistoryCommit, 'order'> {
  /** The second in which it was committed, which is what Git orders by. */
  readonly committed: number;
}

export interface GitLog {
  /** Parents before children, otherwise the oldest first. */
  readonly commits: readonly LoggedCommit[];
  readonly events: readonly HistoryEvent[];
}

const commitMark = '\x01';
const format = `--format=%x01%H%x00%ct%x00%at%x00%an%x00%ae%x00%s`;
const maxSubject = 500;

const logArguments = [
  'log',
  '--stdin',
  // Oldest first, parents before children.
  '--reverse',
  '--date-order',
  // Else Git leaves out branches whose contents were dropped by a merge.
  '--full-history',
  '--root',
  // Of a merge, what it has from none of its parents: the rest is known from theirs.
  '-c',
  '--combined-all-paths',
  // Exact renames only: to tell how alike two files are, Git would load blobs of many GB.
  '-M100%',
  '--raw',
  '-z',
  '--no-abbrev',
  '--no-relative',
  '--no-ext-diff',
  '--no-textconv',
  '--no-show-signature',
  '--no-notes',
  '--no-color',
  '--encoding=UTF-8',
  format,
];

/** What happened in a range, in one process, read as it comes. */
export async function readLog(git: Git, request: LogRequest, range: LogRange): Promise<GitLog> {
  const input = [...range.tips, ...range.known.map((oid) => `^${oid}`)].map((line) => `${line}\n`).join('');
  const args = ['-c', 'log.follow=false', ...logArguments, '--', ...request.pathspecs];
  const commits: LoggedCommit[] = [];
  const events: HistoryEvent[] = [];
  let current: LoggedCommit | undefined;
  const parser = rawParser(
    (head) => {
      const [oid = '', committed = '', seconds = '', name = '', email = '', subject = ''] = head;
      current = {
        oid,
        committed: Number(committed) || 0,
        time: timeOf(seconds),
        author: { name, email: email || undefined },
        subject: subject.slice(0, maxSubject),
      };
    },
    (change) => {
      const wanted = wantedOf(change, request);
      if (!current || wanted.length === 0) return;
      if (commits.at(-1) !== current) commits.push(current);
      for (const event of wanted) events.push({ commit: current.oid, ...event });
    },
  );
  const output = gitOutput(git, args, { folder: request.folder, input, signal: request.signal });
  for await (const tokens of splitOutput(output, '\0')) for (const token of tokens) parser(token);
  return { commits, events };
}

interface RawChange {
  readonly path: string;
  /** The paths that it had in parents, where that is another. */
  readonly from: readonly string[];
  readonly blob?: string;
}

/** What is left of a change where only some paths are looked at: a file that was renamed to or from others comes or goes. */
function wantedOf(
  { path, from, blob }: RawChange,
  { prefix, isWanted = () => true }: LogRequest,
): readonly Omit<HistoryEvent, 'commit'>[] {
  const wanted = (names: readonly string[]): string[] =>
    names.flatMap((name) => {
      const inner = name.startsWith(prefix) ? name.slice(prefix.length) : '';
      return inner !== '' && isWanted(inner) ? [inner] : [];
    });
  const [to] = wanted([path]);
  if (to !== undefined) return [{ path: to, from: wanted(from.slice(0, 1))[0], blob }];
  return [...new Set(wanted(from))].map((source) => ({ path: source }));
}

/**
 * Understands `--raw -z`, token by token: `:<modes> <oids> <status>` and its paths, with one more `:`, mode and oid for each further
 * parent of a merge.
 */
function rawParser(
  onCommit: (head: string[]) => void,
  onChange: (change: RawChange) => void,
): (token: string) => void {
  let pending = 0;
  let complete: ((tokens: string[]) => void) | undefined;
  let tokens: string[] = [];

  function expect(count: number, then: (tokens: string[]) => void): void {
    pending = count;
    tokens = [];
    complete = then;
  }

  return (token) => {
    if (pending > 0) {
      tokens.push(token);
      if (--pending === 0) complete?.(tokens);
      return;
    }
    if (token.startsWith(commitMark)) {
      expect(5, (rest) => onCommit([token.slice(1), ...rest]));
      return;
    }
    // The first record of a commit follows an empty line.
    const [, colons, record] = /^\n?(:+)(.*)$/.exec(token) ?? [];
    if (colons === undefined || record === undefined) return;
    const parents = colons.length;
    const fields = record.split(' ');
    const mode = fields[parents] ?? '';
    const oid = fields[2 * parents + 1];
    const status = fields.at(-1) ?? '';
    const isFile = mode.startsWith('100');
    const isRenamed = Array.from({ length: parents }, (_, parent) => status[parent] === 'R');
    const paths = parents > 1 ? parents + 1 : isRenamed[0] ? 2 : 1;
    expect(paths, (names) => {
      const from = names.filter((_, parent) => isRenamed[parent]);
      onChange({ path: names.at(-1) ?? '', from, blob: isFile ? oid : undefined });
    });
  };
}

/** Commits may hold any number for a date. */
function timeOf(seconds: string): string {
  const date = new Date(Number(seconds) * 1000);
  return (Number.isNaN(date.getTime()) ? new Date(0) : date).toISOString();
}
