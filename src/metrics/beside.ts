import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, posix } from 'node:path';
import * as l10n from '@vscode/l10n';
import { messageOf, systemCode, TrailError } from '../core/errors.ts';
import { checkMetricsSize, parseMetrics, type MetricsAndParams } from './metricsFile.ts';

const extensions = ['json', 'yaml', 'yml'];

/** Names of the files in a model's folder that may hold its metrics, the nearest first. */
function candidates(fileName: string): string[] {
  const stem = posix.parse(fileName).name;
  const own = extensions.flatMap((extension) => [
    `${fileName}.metrics.${extension}`,
    `${stem}.metrics.${extension}`,
  ]);
  return [...new Set([...own, ...extensions.map((extension) => `metrics.${extension}`)])];
}

/** The same as POSIX paths beside a model's POSIX path: what a Git tree is asked for. */
export function metricsNamesBeside(modelPosixPath: string): string[] {
  const folder = posix.dirname(modelPosixPath);
  return candidates(posix.basename(modelPosixPath)).map((name) => posix.join(folder, name));
}

/** The metrics file that goes with a model, as an absolute path. */
export async function findMetricsFile(modelAbsolutePath: string): Promise<string | undefined> {
  const folder = dirname(modelAbsolutePath);
  for (const name of candidates(basename(modelAbsolutePath))) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile()) return path;
  }
  return undefined;
}

export interface MetricsBeside extends MetricsAndParams {
  /** Absolute. */
  readonly file: string;
  /** What is doubtful in it, in a sentence. */
  readonly problem?: string;
}

/** @throws TrailError when there is a metrics file that cannot be read or understood */
export async function readMetricsBeside(modelPath: string): Promise<MetricsBeside | undefined> {
  const file = await findMetricsFile(modelPath);
  if (file === undefined) return undefined;
  try {
    checkMetricsSize(file, (await stat(file)).size);
    const { ambiguous, ...values } = parseMetrics(file, await readFile(file, 'utf8'));
    return { file, ...values, ...(ambiguous && { problem: saidTwice(file, ambiguous) }) };
  } catch (error) {
    if (TrailError.is(error)) throw error;
    // Gone since it was found: as if it had never been there.
    if (systemCode(error) === 'ENOENT') return undefined;
    throw new TrailError('io', l10n.t('The metrics file {0} cannot be read: {1}', file, messageOf(error)), {
      cause: error,
    });
  }
}

const mostNamed = 5;

function saidTwice(file: string, names: readonly string[]): string {
  const named = names.slice(0, mostNamed).join(', ') + (names.length > mostNamed ? '…' : '');
  return l10n.t('The metrics file {0} gives several values of {1}: the last ones count.', file, named);
}
