import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import type { Operation } from '../../core/operation.ts';
import type { Git } from '../../history/git.ts';
import { gitOutput } from '../../history/process.ts';
import type { Problem } from '../api/models.ts';
import type { TrailContext } from '../context.ts';
import { trailFolder } from '../root.ts';

export interface IgnoredJournal {
  /** Asks Git when there is a newer entry than the last time, or it did ignore the journal then. @returns whether the answer is another */
  read(operation: Pick<Operation, 'signal'>): Promise<boolean>;
  problems(): readonly Problem[];
}

/** A line of a file of patterns, and a path that it is about. */
interface Match {
  /** Relative to the top of the working tree, or absolute. */
  readonly source: string;
  readonly line: string;
  readonly pattern: string;
  readonly path: string;
}

/** Tells when Git leaves out the entries of the journal though nobody meant it to: then nobody else gets the versions. */
export function ignoredJournal({ root, git, gitPrefix, catalogue }: TrailContext): IgnoredJournal {
  let asked: string | undefined;
  let problem: Problem | undefined;

  return {
    problems: () => (problem ? [problem] : []),

    async read({ signal }) {
      const newest = [...catalogue.factNames()].reduce((a, b) => (a > b ? a : b), '');
      if (!git || newest === '' || (newest === asked && !problem)) return false;
      const before = problem?.message;
      const entry = `${gitPrefix}${trailFolder}/journal/${newest}`;
      // A folder that Git leaves out as a whole is meant to be.
      const folder = gitPrefix.replace(/\/$/, '');
      const found = await ignoring(git, folder === '' ? [entry] : [entry, folder], signal);
      asked = newest;
      const match = found.some((other) => other.path === folder)
        ? undefined
        : found.find((other) => other.path === entry && !isMeant(other));
      problem = match && {
        path: shownPath(root, path.resolve(git.topLevel, match.source)),
        message: sentenceOf(match, gitPrefix),
      };
      return problem?.message !== before;
    },
  };
}

/** Of paths relative to the top, those that Git ignores and does not have; none where it does not say. @throws TrailError `cancelled` */
async function ignoring(git: Git, paths: readonly string[], signal: AbortSignal): Promise<readonly Match[]> {
  const pieces: Buffer[] = [];
  try {
    const input = paths.map((name) => `${name}\0`).join('');
    for await (const piece of gitOutput(git, ['check-ignore', '--verbose', '-z', '--stdin'], {
      input,
      signal,
    }))
      pieces.push(piece);
  } catch (error) {
    // That it ignores none is a failure too.
    if (TrailError.is(error, 'cancelled')) throw error;
  }
  const fields = Buffer.concat(pieces).toString('utf8').split('\0');
  const matches: Match[] = [];
  for (let at = 0; at + 4 <= fields.length; at += 4) {
    const [source = '', line = '', pattern = '', name = ''] = fields.slice(at, at + 4);
    // The last pattern may be one that takes back another.
    if (!pattern.startsWith('!')) matches.push({ source, line, pattern, path: name });
  }
  return matches;
}

/** Of the file with the pattern, where it can be opened. */
function shownPath(root: string, file: string): string {
  return file.startsWith(`${root}${path.sep}`) ? path.relative(root, file).split(path.sep).join('/') : file;
}

/** Who names the folder, or keeps it out of Git for themselves, knows what they do. */
function isMeant({ source, pattern }: Match): boolean {
  return pattern.includes(trailFolder) || source.includes(trailFolder) || source.endsWith('info/exclude');
}

/** The lines go where they are stronger than all that may be said elsewhere, besides inside the folder. */
function sentenceOf({ source, line, pattern }: Match, prefix: string): string {
  return l10n.t(
    'Git ignores the journal in {0} because of {1}:{2} ({3}): versions are not committed. Add these two lines at the end of {4}: {5} and {6}',
    `${prefix}${trailFolder}/journal`,
    source,
    line,
    pattern,
    `${prefix}.gitignore`,
    `!/${trailFolder}/`,
    `!/${trailFolder}/**`,
  );
}
