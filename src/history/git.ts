import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import * as l10n from '@vscode/l10n';
import { messageOf, TrailError } from '../core/errors.ts';
import type { Author } from '../core/facts.ts';
import { gitAnswer, gitSettings } from './answers.ts';
import { authorOf, authorSettings } from './author.ts';
import { readState, statusCommand, type WorkingTreeState } from './workingTree.ts';
import type { GitProgram } from './environment.ts';
import { unlessGitFailed } from './process.ts';
import { blobsIn } from './treeEntries.ts';

interface Layout {
  readonly topLevel: string;
  readonly gitDir: string;
  readonly commonDir: string;
  readonly shallow: boolean;
  readonly partial: boolean;
  readonly sparse: boolean;
  readonly author: Author;
}

/** What a clone made with `--filter` has in its configuration. */
const promisorSettings = String.raw`^(remote\..*\.promisor|extensions\.partialclone)$`;
const sparseSetting = 'core.sparsecheckout';

/** The top level comes last: in a bare repository it is what fails. */
const layoutQuestions = [
  '--is-shallow-repository',
  '--absolute-git-dir',
  '--git-common-dir',
  '--show-toplevel',
] as const;

export const oidPattern = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** A working tree of a Git repository, read-only and offline. Paths are POSIX and relative to its top level. */
export class Git implements GitProgram {
  readonly binary: string;
  /** Absolute, with links resolved. */
  readonly topLevel: string;
  /** This working tree's own Git folder. */
  readonly gitDir: string;
  /** The one that all working trees of the repository share. */
  readonly commonDir: string;
  /** History before some commit is not here. */
  readonly shallow: boolean;
  /** Some objects were left at the remote. */
  readonly partial: boolean;
  /** Some of what is checked out may be left out of the working tree. */
  readonly sparse: boolean;
  /** Who commits here: whom the environment names, else Git's user, else the system's. */
  readonly author: Author;

  private constructor(layout: Layout, binary: string) {
    this.binary = binary;
    this.topLevel = layout.topLevel;
    this.gitDir = layout.gitDir;
    this.commonDir = layout.commonDir;
    this.shallow = layout.shallow;
    this.partial = layout.partial;
    this.sparse = layout.sparse;
    this.author = layout.author;
  }

  /**
   * The working tree that a folder is in; undefined outside of any, and in a bare repository.
   * @param binary the Git program: a name or an absolute path
   * @throws TrailError `io` when Git is not installed or cannot read the repository, `refused` when Git does not trust it
   */
  static async find(folder: string, binary = 'git'): Promise<Git | undefined> {
    if (!existsSync(folder)) throw new TrailError('notFound', l10n.t('There is no folder {0}.', folder));
    // Git answers relative to where it really is.
    const real = await realpath(folder);
    const there: GitProgram = { binary, topLevel: real };
    // Outside of a repository there are settings, too: it need not be known for that.
    const reading = gitSettings(there, `${promisorSettings}|^${sparseSetting}$|${authorSettings}`);
    reading.catch(() => {});
    let answers: readonly string[];
    try {
      answers = await askLayout(there);
    } catch (error) {
      const message = messageOf(error);
      if (/not a git repository|must be run in a work tree/.test(message)) return undefined;
      if (message.includes('safe.directory')) throw untrusted(folder, error);
      throw error;
    }
    const [shallow = '', gitDir = '', commonDir = '', topLevel = ''] = answers;
    const settings = await reading;
    return new Git(
      {
        topLevel: await realpath(topLevel),
        gitDir: await realpath(gitDir),
        commonDir: await realpath(resolve(real, commonDir)),
        shallow: shallow === 'true',
        partial: [...settings.keys()].some((name) => new RegExp(promisorSettings).test(name)),
        sparse: settings.get(sparseSetting) === 'true',
        author: authorOf(settings),
      },
      binary,
    );
  }

  /** What comes before a path relative to `root`, a folder in this working tree, to make it relative to the top: '' or `ml/models/`. */
  async prefix(root: string): Promise<string> {
    const below = relative(this.topLevel, await realpath(root))
      .split(sep)
      .join('/');
    return below === '' ? '' : `${below}/`;
  }

  /** Undefined when HEAD is detached. */
  async branch(): Promise<string | undefined> {
    return (await this.run(['symbolic-ref', '--quiet', '--short', 'HEAD'])) || undefined;
  }

  /** What is checked out, and whether tracked files differ from it. */
  async state(): Promise<WorkingTreeState> {
    return readState(this, await this.run(statusCommand));
  }

  /** The commit that a revision means (`HEAD~2`, a branch, a tag, a prefix of a hash), if it means one. */
  async resolveRevision(revision: string): Promise<string | undefined> {
    // No revision begins with a dash, but options do.
    if (revision === '' || revision.startsWith('-') || revision.includes('\0')) return undefined;
    const commit = await this.run(['rev-parse', '--quiet', '--verify', `${revision}^{commit}`]).catch(
      unlessGitFailed,
    );
    return commit !== undefined && oidPattern.test(commit) ? commit : undefined;
  }

  /** The full names of the branches and tags of a name, as in `refs/tags/v1`. */
  async refsNamed(name: string): Promise<string[]> {
    const refs = ['tags', 'heads', 'remotes'].map((kind) => `refs/${kind}/${name}`);
    const found = await this.run(['for-each-ref', '--format=%(refname)', ...refs]).catch(unlessGitFailed);
    // What is in a folder of that name is listed too.
    return found?.split('\n').filter((ref) => refs.includes(ref)) ?? [];
  }

  /** The blob at a path, relative to the top, at a commit, of a folder its tree as `<oid>/`; undefined where there is neither. */
  async blobAt(commit: string, path: string): Promise<string | undefined> {
    return (await this.blobsAt(commit, [path])).get(path);
  }

  /** The same for many paths, by path: those that are there. @throws TrailError `cancelled` */
  async blobsAt(
    commit: string,
    paths: readonly string[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, string>> {
    return oidPattern.test(commit) ? blobsIn(this, commit, paths, signal) : new Map();
  }

  /** A setting, or undefined. */
  async config(key: string): Promise<string | undefined> {
    return (await this.run(['config', '--get', key])) || undefined;
  }

  /** Runs a Git command whose answer is short, at the top level. @throws TrailError `io`, `cancelled` */
  async run(commands: readonly string[], signal?: AbortSignal): Promise<string> {
    return gitAnswer(this, commands, signal);
  }
}

/** Git answers each question with a line. Where a path has a newline in it, each is asked alone. */
async function askLayout(git: GitProgram): Promise<readonly string[]> {
  const lines = (await gitAnswer(git, ['rev-parse', ...layoutQuestions])).split('\n');
  if (lines.length === layoutQuestions.length) return lines;
  return Promise.all(layoutQuestions.map((question) => gitAnswer(git, ['rev-parse', question])));
}

function untrusted(folder: string, cause: unknown): TrailError {
  let owned = resolve(folder);
  while (!existsSync(join(owned, '.git')) && dirname(owned) !== owned) owned = dirname(owned);
  return new TrailError(
    'refused',
    l10n.t(
      'Git does not trust the folder {0}, because it belongs to another user. If you trust it, run: git config --global --add safe.directory "{0}"',
      owned,
    ),
    { cause },
  );
}
