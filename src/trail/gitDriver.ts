import { execFile, type ExecFileException } from 'node:child_process';
import { readFile, realpath, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { defaultInclude } from '../core/defaultPatterns.ts';
import { systemCode } from '../core/errors.ts';
import { makeDirectory } from '../files/durable.ts';
import { writeDurably } from '../files/safeWrite.ts';
import { MissingProgram } from '../history/environment.ts';
import { GitFailed, unlessGitFailed } from '../history/process.ts';

export interface GitScope {
  /** Everything the user has, or the one repository that `directory` is in. Neither is ever committed. */
  readonly scope: 'global' | 'local';
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
}

export interface GitDriver {
  /** The file with the lines that say which files are models. */
  readonly attributes: string;
}

const setting = 'diff.modeltrail.textconv';
const begin =
  '# modeltrail: these files are shown by `modeltrail git textconv`; `modeltrail git uninstall` takes this out.';
const end = '# modeltrail: end';

/**
 * Makes `git diff`, `git log -p` and `git show` print manifests of model files.
 * @param command prints the manifest of the file that is added to it; for a shell
 */
export async function installGitDriver(where: GitScope, command: string): Promise<GitDriver> {
  const attributes = await attributesFile(where);
  await git(where, 'config', `--${where.scope}`, setting, command);
  const before = withoutBlock(await textOf(attributes));
  const lines = [begin, ...modelPatterns.map((pattern) => `${pattern} diff=modeltrail`), end, ''];
  await makeDirectory(path.dirname(attributes));
  await writeDurably(
    attributes,
    before + (before === '' || before.endsWith('\n') ? '' : '\n') + lines.join('\n'),
  );
  return { attributes };
}

/** Leaves everything as it was before, and is no failure where nothing was installed. */
export async function uninstallGitDriver(where: GitScope): Promise<GitDriver> {
  const attributes = await attributesFile(where);
  const command = await git(where, 'config', `--${where.scope}`, '--get-all', setting).catch(unlessGitFailed);
  if (command) await git(where, 'config', `--${where.scope}`, '--remove-section', 'diff.modeltrail');
  const text = await textOf(attributes);
  const rest = withoutBlock(text);
  if (rest === '' && text !== '') await rm(attributes);
  else if (rest !== text) await writeDurably(attributes, rest);
  return { attributes };
}

/** As Git writes them. What marks a folder is text, which Git shows well. */
const modelPatterns = defaultInclude
  .filter((glob) => /^\*\*\/\*\.[^/]+$/.test(glob) && !glob.endsWith('.pmml'))
  .map((glob) => glob.slice('**/'.length));

/** Where it really is: a link to it, as those who keep their settings in a repository have one, stays. */
async function attributesFile(where: GitScope): Promise<string> {
  const file = await attributesPath(where);
  return realpath(file).catch(() => file);
}

async function attributesPath(where: GitScope): Promise<string> {
  if (where.scope === 'local') {
    // Relative to the directory.
    return path.resolve(where.directory, await git(where, 'rev-parse', '--git-path', 'info/attributes'));
  }
  const set = await git(where, 'config', '--global', '--type=path', '--get', 'core.attributesFile').catch(
    unlessGitFailed,
  );
  if (set) return set;
  const home = where.environment['HOME'] ?? homedir();
  return path.join(where.environment['XDG_CONFIG_HOME'] || path.join(home, '.config'), 'git/attributes');
}

function withoutBlock(text: string): string {
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from === -1 || to === -1) return text;
  return text.slice(0, from) + text.slice(to + end.length).replace(/^\r?\n/, '');
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return '';
    throw error;
  }
}

/** In the user's own environment: where the settings are that Git reads is for that to say. */
async function git({ directory, environment }: GitScope, ...args: string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('git', args, { cwd: directory, env: environment });
    return stdout.trimEnd();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw new MissingProgram('git', error);
    throw failure(error);
  }
}

function failure(cause: unknown): GitFailed {
  const { stderr, code } = cause as ExecFileException;
  return new GitFailed(stderr?.trim() ?? '', typeof code === 'number' ? code : null, { cause });
}
