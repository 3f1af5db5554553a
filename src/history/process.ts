import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import * as l10n from '@vscode/l10n';
import { systemCode, TrailError } from '../core/errors.ts';
import { cancelled } from '../core/operation.ts';
import { gitConfig, gitEnvironment, type GitProgram, MissingProgram } from './environment.ts';

const keptErrorBytes = 4096;

/** A Git process whose output is too long or too binary for a string: it is read as it comes, so the pipe holds the process back. */
export interface GitProcess {
  readonly stdin: ChildProcessWithoutNullStreams['stdin'];
  readonly stdout: ChildProcessWithoutNullStreams['stdout'];
  /** Resolves when the process has ended. @throws TrailError `io`, `cancelled` */
  readonly ended: Promise<void>;
  kill(): void;
}

export interface GitProcessOptions {
  /** Absolute; else the top level. */
  readonly folder?: string;
  readonly signal?: AbortSignal;
}

/** Git ran, and said no. */
export class GitFailed extends TrailError {
  /** Its error message, which may be empty. */
  readonly said: string;

  constructor(said: string, code: number | null, options?: { cause: unknown }) {
    super('io', l10n.t('Git said: {0}', said || `exit ${code}`), options);
    this.said = said;
  }
}

/** For a command that fails where there is nothing. */
export function unlessGitFailed(error: unknown): undefined {
  if (!(error instanceof GitFailed)) throw error;
}

export function startGit(
  git: GitProgram,
  args: readonly string[],
  options: GitProcessOptions = {},
): GitProcess {
  const { signal } = options;
  const child: ChildProcess = spawn(
    git.binary,
    [...gitConfig.flatMap((setting) => ['-c', setting]), ...args],
    {
      cwd: options.folder ?? git.topLevel,
      env: gitEnvironment(),
      windowsHide: true,
    },
  );
  if (!hasPipes(child)) {
    // It says so as well.
    child.on('error', () => {});
    throw new TrailError('io', l10n.t('Too many files are open to run Git. Try again in a moment.'));
  }
  const kill = (): void => void child.kill();
  signal?.addEventListener('abort', kill, { once: true });
  if (signal?.aborted) kill();

  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-keptErrorBytes);
  });
  // A process that ended early says so by its exit code.
  child.stdin.on('error', () => {});

  const ended = new Promise<void>((resolve, reject) => {
    child.on('error', (error) =>
      reject(systemCode(error) === 'ENOENT' ? new MissingProgram(git.binary, error) : error),
    );
    child.on('close', (code) => {
      signal?.removeEventListener('abort', kill);
      if (signal?.aborted) reject(cancelled());
      else if (code !== 0) reject(new GitFailed(errors.trim(), code));
      else resolve();
    });
  });
  ended.catch(() => {});
  return { stdin: child.stdin, stdout: child.stdout, ended, kill };
}

/** Where no more files can be opened there are none, whatever the types say. */
function hasPipes(child: ChildProcess): child is ChildProcessWithoutNullStreams {
  return Boolean(child.stderr);
}

/** The output of a Git command in pieces. @throws TrailError `io`, `cancelled` */
export async function* gitOutput(
  git: GitProgram,
  args: readonly string[],
  options: GitProcessOptions & { readonly input?: string } = {},
): AsyncGenerator<Buffer> {
  const running = startGit(git, args, options);
  try {
    running.stdin.end(options.input);
    yield* running.stdout;
    await running.ended;
  } finally {
    running.kill();
  }
}

/** Cuts output at a separator; each piece of output gives the texts that it completes. */
export async function* splitOutput(
  output: AsyncIterable<Buffer>,
  separator: '\0' | '\n',
): AsyncGenerator<string[]> {
  const end = separator.charCodeAt(0);
  let rest: Buffer[] = [];
  for await (const chunk of output) {
    const last = chunk.lastIndexOf(end);
    if (last === -1) {
      rest.push(chunk);
      continue;
    }
    yield Buffer.concat([...rest, chunk.subarray(0, last)])
      .toString('utf8')
      .split(separator);
    rest = [chunk.subarray(last + 1)];
  }
  const tail = Buffer.concat(rest);
  if (tail.length > 0) yield tail.toString('utf8').split(separator);
}
