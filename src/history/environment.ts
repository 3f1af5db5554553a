import { devNull } from 'node:os';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';

/** A Git program at work on a working tree. */
export interface GitProgram {
  readonly binary: string;
  /** Absolute. */
  readonly topLevel: string;
}

/**
 * Variables of the user's that make Git look at another repository, run a program, or ask something. A
 * scan should see the folder it was asked about even when the editor was started from a Git hook.
 */
const guarded = /^(?:git.*|editor|visual|pager|prefix|ssh_askpass)$/i;

const ours = {
  // A view must never hold up the user's own git command, or write to the repository.
  GIT_OPTIONAL_LOCKS: '0',
  // An object is what its name says: what is known of it is kept for ever, and a replacement can be taken back.
  GIT_NO_REPLACE_OBJECTS: '1',
  // Partial clones: what is not here is not fetched behind the user's back. Old versions of Git know only the second way.
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_TERMINAL_PROMPT: '0',
  // Messages in a language that can be told apart.
  LC_ALL: 'C',
} as const;

/** The environment for every Git process. */
export function gitEnvironment(): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !guarded.test(entry[0]),
  );
  return { ...Object.fromEntries(inherited), ...ours };
}

/** Settings that override the user's for every Git process: nothing here may start another program. */
export const gitConfig: readonly string[] = [
  'core.fsmonitor=false',
  'core.quotePath=off',
  // Naming a file that is not there, it would fail every command that compares.
  `diff.orderFile=${devNull}`,
  // Git LFS would copy a changed model of many GB into its store only to tell whether it differs.
  'filter.lfs.clean=',
  'filter.lfs.process=',
  'filter.lfs.required=false',
];

/** There is no Git program by that name. */
export class MissingProgram extends TrailError {
  constructor(binary: string, cause: unknown) {
    super(
      'io',
      l10n.t(
        'The Git program {0} was not found. Install Git (on Linux with the package manager, on macOS with "xcode-select --install", on Windows with "winget install Git.Git").',
        binary,
      ),
      { cause },
    );
  }
}
