import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import * as l10n from '@vscode/l10n';
import { messageOf, systemCode, TrailError } from '../core/errors.ts';
import type { ModelPath, ParamValue } from '../core/facts.ts';
import { checkMetricsSize, type MetricsAndParams } from './metricsFile.ts';

/** A model on disk whose metrics are looked for. */
export interface ModelPlace {
  /** Absolute. */
  readonly path: string;
  /** As sentences call it. */
  readonly model: ModelPath;
  readonly isDirectory: boolean;
  /** The root of the trail, absolute: nothing above it is read. */
  readonly root: string;
  /** When it was written, with all files that belong to it, in nanoseconds since 1970. */
  readonly trained: bigint;
  /** What the model file says of its training, by name; nothing where it cannot be read. */
  readonly inside: () => Promise<ReadonlyMap<string, ParamValue>>;
}

/** What a file says of a model, and what is to be known to judge whether it is of that. */
export interface MetricsBeside extends MetricsAndParams {
  /** From the root of the trail, as sentences call it. */
  readonly file: string;
  /** In a sentence, what is doubtful in it, or why nothing of it was taken. */
  readonly problem?: string;
  /** When it was written, in nanoseconds since 1970; of several files, the oldest. */
  readonly written: bigint;
  /** When the weights were, where other files of the model tell nothing of that. */
  readonly weightsWritten?: bigint;
  /** Whether the models of a series share it. */
  readonly isShared?: boolean;
  /** Absolute folders: the file is of a model in the one, of whichever; in the other a tracker puts copies of that. */
  readonly onlyModelOf?: { readonly folder: string; readonly copies: string };
  /** Whether nobody put it there for the model, so that one that is older may be of another training. */
  readonly isByTime?: boolean;
}

export interface TextFile {
  /** From the root of the trail, as sentences call it. */
  readonly file: string;
  readonly text: string;
  /** In nanoseconds since 1970. */
  readonly written: bigint;
}

/** The settings of a long run are few; but its log gets a row every few steps, so that a million of them may be there. */
export const maxLogBytes = 16 * 2 ** 20;

/**
 * The text of a file, undefined where there is none.
 * @param path absolute
 * @param most in bytes; 1 MiB where it is not given
 * @throws TrailError where it is too large or cannot be read
 */
export async function readTextFile(
  place: ModelPlace,
  path: string,
  most?: number,
): Promise<TextFile | undefined> {
  const file = calledIn(place, path);
  try {
    const found = await stat(path);
    if (!found.isFile()) return undefined;
    checkMetricsSize(file, found.size, most);
    const text = await readFile(path, 'utf8');
    // Afterwards: what is written meanwhile makes it newer than what was read, never older.
    return { file, text, written: (await stat(path, { bigint: true })).mtimeNs };
  } catch (error) {
    if (TrailError.is(error)) throw error;
    // Gone since it was found: as if it had never been there.
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return undefined;
    throw new TrailError('io', l10n.t('The metrics file {0} cannot be read: {1}', file, messageOf(error)), {
      cause: error,
    });
  }
}

/** Whether a folder is the root of the trail or below it. Both are absolute. */
export function isInTrail({ root }: ModelPlace, folder: string): boolean {
  const [first] = relative(root, folder).split(sep);
  return first !== '..' && !isAbsolute(first ?? '');
}

/** What sentences call a file or folder of the trail. @param path absolute */
export function calledIn({ root }: ModelPlace, path: string): string {
  return relative(root, path).replaceAll(sep, '/');
}
