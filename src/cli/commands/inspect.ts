import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import type { FullInspection, Inspection } from '../../trail/api/inspection.ts';
import { inspectFile, modelFiles } from '../../trail/reading/inspectFiles.ts';
import { mayHaveVersions } from '../../trail/root.ts';
import { defineLoneCommand, type Outcome, type Session, type Surroundings } from '../command.ts';
import { failure } from '../failure.ts';
import { inspectionText } from '../inspectionText.ts';
import { kindOnDisk } from '../onDisk.ts';
import { resolve } from '../references.ts';
import { styled } from '../style.ts';

/** One thing to look into: its name in the output, and how. */
interface Task {
  readonly path: string;
  readonly inspect: () => Promise<Inspection | FullInspection>;
}

interface Result {
  readonly path: string;
  readonly inspection?: Inspection | FullInspection;
  readonly error?: unknown;
}

export const inspect = defineLoneCommand({
  name: 'inspect',
  summary: () => l10n.t('Show what is inside model files: tensors, graph, settings. Works anywhere.'),
  positionals: ['FILE|DIR|REF...'],
  options: {
    stats: {
      type: 'boolean',
      summary: () => l10n.t('Read all weights, and tell their range, mean, deviation and norm.'),
    },
  },
  async runAlone(surroundings, { positionals: given, options }) {
    const { isSeveral, results } = await inspectAll(surroundings, given, options.stats);
    const [first] = results;
    if (!isSeveral && first && 'error' in first) throw first.error;
    const json = results.map(document);
    return {
      json: !isSeveral && json[0] ? json[0] : json,
      text: results.map((result) => textOf(result, surroundings.columns)).join('\n\n'),
      exitCode: exitCodeOf(results),
    };
  },
});

/** One after the other; whatever fails stops none of the others. @throws TrailError `cancelled` */
async function inspectAll(
  surroundings: Surroundings,
  given: readonly string[],
  stats: boolean,
): Promise<{ readonly isSeveral: boolean; readonly results: readonly Result[] }> {
  const { directory } = surroundings;
  // What is on disk wins over what a reference could mean.
  const kinds = await Promise.all(given.map((name) => kindOnDisk(path.resolve(directory, name))));
  const needsTrail = kinds.includes(undefined) && (await mayHaveVersions(directory));
  const results: Result[] = [];
  const work = async (session?: Session): Promise<void> => {
    for (const [at, name] of given.entries()) {
      const tasks =
        kinds[at] === 'folder'
          ? await tasksIn(surroundings, name, stats)
          : [session && !kinds[at] ? taskOf(session, name, stats) : fileTask(surroundings, name, stats)];
      for (const task of tasks) results.push(await run(task));
    }
  };
  await (needsTrail ? surroundings.withTrail(work) : work());
  return { isSeveral: given.length > 1 || kinds[0] === 'folder', results };
}

async function run({ path, inspect }: Task): Promise<Result> {
  try {
    return { path, inspection: await inspect() };
  } catch (error) {
    if (failure(error).code === 'cancelled') throw error;
    return { path, error };
  }
}

/** A version that a reference means. */
function taskOf(session: Session, name: string, stats: boolean): Task {
  const inspect = async (): Promise<Inspection> => {
    const { trail, operation } = session;
    const { model, version, at } = await resolve(session, name);
    const target = { model, version: version?.id, at };
    const inspection = await (stats ? trail.inspectAll(target, operation) : trail.inspect(target, operation));
    return { ...inspection, record: { ...inspection.record, path: name } };
  };
  return { path: name, inspect };
}

function fileTask({ directory, operation }: Surroundings, name: string, stats: boolean): Task {
  const file = path.resolve(directory, name);
  return { path: name, inspect: () => inspectFile(file, name, stats, operation) };
}

async function tasksIn(surroundings: Surroundings, name: string, stats: boolean): Promise<readonly Task[]> {
  const folder = path.resolve(surroundings.directory, name);
  const files = await modelFiles(folder, surroundings.operation);
  // Who reads the output must hear of every name that was given.
  if (files.length === 0) {
    const nothing = new TrailError('notFound', l10n.t('There are no model files in {0}.', name));
    return [{ path: name, inspect: () => Promise.reject(nothing) }];
  }
  return files.map((found): Task => {
    const shown = path.join(name, found.path);
    const { problem } = found;
    if (problem === undefined) return fileTask(surroundings, shown, stats);
    return { path: shown, inspect: () => Promise.reject(new TrailError('io', problem)) };
  });
}

function document({ path, inspection, error }: Result): Readonly<Record<string, unknown>> {
  if (!inspection) {
    const { code, message } = failure(error);
    return { path, error: { code, message } };
  }
  const { record } = inspection;
  if (!('statistics' in inspection)) return { ...record };
  const tensors = record.tensors.map((tensor, at) => {
    const { statistics: stats, obstacle } = inspection.statistics[at] ?? {};
    return Object.assign({}, tensor, { stats, obstacle });
  });
  return { ...record, tensors };
}

function textOf({ path, inspection, error }: Result, columns: number | undefined): string {
  if (inspection) return inspectionText(inspection, columns);
  return `${styled('bold', path)}\n  ${styled('red', failure(error).message)}`;
}

function exitCodeOf(results: readonly Result[]): Outcome['exitCode'] {
  if (results.some((result) => 'error' in result)) return 3;
  const hasError = ({ inspection }: Result): boolean =>
    inspection?.record.findings.some(({ severity }) => severity === 'error') ?? false;
  return results.some(hasError) ? 1 : 0;
}
