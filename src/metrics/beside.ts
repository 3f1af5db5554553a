import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, posix } from 'node:path';
import * as l10n from '@vscode/l10n';
import { modelDirectory } from '../core/modelDirectories.ts';
import { parseMetrics } from './metricsFile.ts';
import { type MetricsBeside, type ModelPlace, readTextFile } from './source.ts';
import { readTracked } from './trackers.ts';

const extensions = ['json', 'yaml', 'yml'];
const shared = extensions.map((extension) => `metrics.${extension}`);

/** Matches the paths of all files that may hold metrics, wherever their models are. */
export const metricsGlobs: readonly string[] = ['**/{metrics,*.metrics}.{json,yaml,yml}'];

/** Names that a metrics file has when it is of one model in a folder. */
function ownNames(model: string): string[] {
  const stem = posix.parse(model).name;
  const own = extensions.flatMap((extension) => [
    `${model}.metrics.${extension}`,
    `${stem}.metrics.${extension}`,
  ]);
  return [...new Set(own)];
}

/** Whether a metrics file is beside a model and named after none, so that others in the folder share it. Both paths are absolute. */
function isShared(modelAbsolutePath: string, file: string): boolean {
  return dirname(file) === dirname(modelAbsolutePath) && shared.includes(basename(file));
}

/** POSIX paths of the files that may hold a model's metrics, the nearest first: in it, if it is a directory, then beside it. */
export function metricsNamesOf(modelPosixPath: string, isDirectory: boolean): string[] {
  const folder = posix.dirname(modelPosixPath);
  return [
    ...(isDirectory ? shared.map((name) => posix.join(modelPosixPath, name)) : []),
    ...[...ownNames(posix.basename(modelPosixPath)), ...shared].map((name) => posix.join(folder, name)),
  ];
}

/** The metrics file that goes with a model, as an absolute path. */
export async function findMetricsFile(modelAbsolutePath: string): Promise<string | undefined> {
  const [folder, model] = [dirname(modelAbsolutePath), basename(modelAbsolutePath)];
  const isDirectory = await isThere(modelAbsolutePath, 'isDirectory');
  const inside = isDirectory ? shared.map((name) => join(modelAbsolutePath, name)) : [];
  const beside = [...ownNames(model), ...shared].map((name) => join(folder, name));
  const names = [...inside, ...beside];
  // All at once: most models have none of them.
  const areThere = await Promise.all(names.map((name) => isThere(name, 'isFile')));
  const path = names[areThere.indexOf(true)];
  if (path === undefined) return undefined;
  const isOfFolder = isDirectory && isShared(modelAbsolutePath, path);
  return isOfFolder && (await isModel(folder)) ? undefined : path;
}

async function isThere(path: string, kind: 'isFile' | 'isDirectory'): Promise<boolean> {
  return stat(path).then(
    (found) => found[kind](),
    () => false,
  );
}

/** Whether the metrics in a folder are those of the folder: a trainer writes its checkpoints into that of the model. */
async function isModel(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => []);
  return modelDirectory(basename(folder), new Set(names)) !== undefined;
}

/**
 * What is said of a model in the metrics file that goes with it, or else in what its trainer wrote.
 * @throws TrailError when that cannot be read or understood
 */
export async function readMetricsBeside(place: ModelPlace): Promise<MetricsBeside | undefined> {
  const file = await findMetricsFile(place.path);
  const found = file === undefined ? undefined : await readTextFile(place, file);
  if (file === undefined || !found) return readTracked(place);
  const { text, ...where } = found;
  const { ambiguous, ...values } = parseMetrics(where.file, text);
  return {
    ...where,
    ...values,
    isShared: isShared(place.path, file),
    ...(ambiguous && { problem: saidTwice(where.file, ambiguous) }),
  };
}

const mostNamed = 5;

function saidTwice(file: string, names: readonly string[]): string {
  const named = names.slice(0, mostNamed).join(', ') + (names.length > mostNamed ? '…' : '');
  return l10n.t('The metrics file {0} gives several values of {1}: the last ones count.', file, named);
}
