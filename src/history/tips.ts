import { messageOf } from '../core/errors.ts';
import { localObjects, readSizes } from './contents.ts';
import { type Git, oidPattern } from './git.ts';
import { GitFailed, unlessGitFailed } from './process.ts';

export interface Tips {
  /** The commits of all local branches and of HEAD, each once, sorted; none before the first commit. */
  readonly commits: readonly string[];
  /** What is checked out; absent before the first commit. */
  readonly head?: string;
  /** What is wrong with a branch that cannot be read, and is left out. */
  readonly problem?: string;
}

/** Where history is read from: one process, unless a branch is broken. @throws TrailError `io`, `cancelled` */
export async function readTips(git: Git, signal: AbortSignal): Promise<Tips> {
  try {
    const answer = await git.run(['show-ref', '--head', '--heads'], signal);
    return { commits: oidsIn(answer), head: /^([0-9a-f]+) HEAD$/m.exec(answer)?.[1] };
  } catch (error) {
    if (!(error instanceof GitFailed)) throw error;
    // A crash can leave a branch empty, or naming a commit that was not written. Git then lists none of those after it.
    const head = await git.run(['rev-parse', '--quiet', '--verify', 'HEAD'], signal).catch(unlessGitFailed);
    return { commits: await readableTips(git, head, signal), head, problem: messageOf(error) };
  }
}

/**
 * The commits of all refs, also of tags and remote branches, of which none that is broken is passed over.
 * @throws TrailError `io`, `cancelled`
 */
export async function allTips(git: Git, signal: AbortSignal): Promise<readonly string[]> {
  const answer = await git.run(['rev-list', '--no-walk', '--all'], signal);
  return answer.split('\n').filter((line) => oidPattern.test(line));
}

async function readableTips(git: Git, head: string | undefined, signal: AbortSignal): Promise<string[]> {
  const branches = await git.run(['for-each-ref', '--format=%(objectname)', 'refs/heads'], signal);
  const named = oidsIn(`${branches}\n${head ?? ''}`);
  return [...(await readSizes(git, await localObjects(git, named, signal), signal)).keys()];
}

/** Of lines that begin with one. */
function oidsIn(lines: string): string[] {
  const oids = lines.split('\n').map((line) => line.split(' ', 1)[0] ?? '');
  return [...new Set(oids.filter((oid) => oidPattern.test(oid)))].sort();
}
