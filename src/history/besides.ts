import type { Git } from './git.ts';
import type { LogRange } from './log.ts';
import { gitOutput, splitOutput } from './process.ts';

/**
 * The second of the newest of the known commits that are beside those on top of them; 0 when there is none. What a commit is built on comes
 * before it by whatever clock.
 * @returns Infinity where what is on top is not all built on one commit
 */
export async function newestBeside(
  git: Git,
  { tips, known }: LogRange,
  signal: AbortSignal,
): Promise<number> {
  const base = await baseOf(git, { tips, known }, signal);
  if (base === undefined) return Infinity;
  let newest = 0;
  for await (const [second] of commitsIn(git, '--timestamp', { tips: known, known: [base] }, signal))
    newest = Math.max(newest, Number(second));
  return newest;
}

/** The known commit that all which is on top is built on, if it is one. */
async function baseOf(git: Git, range: LogRange, signal: AbortSignal): Promise<string | undefined> {
  const fresh = new Set<string>();
  const parentsOf: string[][] = [];
  for await (const [commit = '', ...parents] of commitsIn(git, '--parents', range, signal)) {
    if (parents.length === 0) return undefined;
    fresh.add(commit);
    parentsOf.push(parents);
  }
  const bases = new Set(parentsOf.flat().filter((parent) => !fresh.has(parent)));
  return bases.size === 1 ? [...bases][0] : undefined;
}

/** The words of a line for each commit. */
async function* commitsIn(
  git: Git,
  format: '--parents' | '--timestamp',
  { tips, known }: LogRange,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const input = [...tips, ...known.map((oid) => `^${oid}`)].map((line) => `${line}\n`).join('');
  const output = gitOutput(git, ['rev-list', format, '--stdin'], { input, signal });
  for await (const lines of splitOutput(output, '\n')) for (const line of lines) yield line.split(' ');
}
