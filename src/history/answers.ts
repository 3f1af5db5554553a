import type { GitProgram } from './environment.ts';
import { GitFailed, gitOutput } from './process.ts';

// What Git says in a few words.

/**
 * The output of a Git command, without its last newline. That Git failed without a word is its way to say that there is nothing.
 * @throws TrailError `io`, `cancelled`
 */
export async function gitAnswer(
  git: GitProgram,
  commands: readonly string[],
  signal?: AbortSignal,
): Promise<string> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of gitOutput(git, commands, { signal })) pieces.push(piece);
  } catch (error) {
    if (!(error instanceof GitFailed && error.said === '')) throw error;
  }
  return Buffer.concat(pieces).toString('utf8').replace(/\n$/, '');
}

/**
 * Settings by name; of one that is given several times, the last, which is the one that counts.
 * @param source options that say where to look, if not everywhere
 */
export async function gitSettings(
  git: GitProgram,
  pattern: string,
  source: readonly string[] = [],
): Promise<ReadonlyMap<string, string>> {
  const answer = await gitAnswer(git, ['config', '--null', ...source, '--get-regexp', pattern]);
  const values = new Map<string, string>();
  for (const setting of answer.split('\0')) {
    const end = setting.indexOf('\n');
    // A setting may have no value.
    const name = end === -1 ? setting : setting.slice(0, end);
    if (name !== '') values.set(name, end === -1 ? '' : setting.slice(end + 1).trim());
  }
  return values;
}
