import type { HistoryCommit, HistoryEvent } from './cache.ts';
import type { Git } from './git.ts';
import { gitOutput, splitOutput } from './process.ts';

export interface LogRequest {
  /** Absolute: the pathspecs are relative to it. */
  readonly folder: string;
  /** Of the folder, as in {@link Git.prefix}. */
  readonly prefix: string;
  readonly pathspecs: readonly string[];
  readonly signal: AbortSignal;
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
      if (!current || !change.path.startsWith(request.prefix)) return;
      if (commits.at(-1) !== current) commits.push(current);
      const from = change.from?.startsWith(request.prefix)
        ? change.from.slice(request.prefix.length)
        : undefined;
      events.push({
        commit: current.oid,
        path: change.path.slice(request.prefix.length),
        from,
        blob: change.blob,
      });
    },
  );
  const output = gitOutput(git, args, { folder: request.folder, input, signal: request.signal });
  for await (const tokens of splitOutput(output, '\0')) for (const token of tokens) parser(token);
  return { commits, events };
}

interface RawChange {
  readonly path: string;
  readonly from?: string;
  readonly blob?: string;
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
    const renamed = status.slice(0, parents).indexOf('R');
    const paths = parents > 1 ? parents + 1 : renamed === 0 ? 2 : 1;
    expect(paths, (names) => {
      const from = renamed === -1 ? undefined : names[renamed];
      onChange({ path: names.at(-1) ?? '', from, blob: isFile ? oid : undefined });
    });
  };
}

/** Commits may hold any number for a date. */
function timeOf(seconds: string): string {
  const date = new Date(Number(seconds) * 1000);
  return (Number.isNaN(date.getTime()) ? new Date(0) : date).toISOString();
}
