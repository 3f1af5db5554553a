import type { Dirent } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import picomatch from 'picomatch';
import { TrailError } from '../core/errors.ts';
import type { ModelPath } from '../core/facts.ts';
import { ambiguousEndings } from '../core/defaultPatterns.ts';
import { mapBounded } from './mapBounded.ts';
import { systemError } from './systemError.ts';

export interface WalkOptions {
  /** Globs relative to the root that make a file a model. */
  readonly include: readonly string[];
  /** Globs that are never looked into. */
  readonly exclude: readonly string[];
  /** Tells by its bytes whether a file with an ending that other files have too is a model. */
  readonly looksLikeModel: (file: string) => Promise<boolean>;
  /** A folder that had to be passed over, relative to the root, or that there is more than can be shown. */
  readonly report: (path: string, message: string) => void;
}

export interface FoundModel {
  readonly path: ModelPath;
  /** In bytes. */
  readonly size: number;
  readonly mtimeMs: number;
}

const mostModels = 50_000;
/** Folders read at a time, and files looked at in each. */
const breadth = 16;

/**
 * The model files under a folder. Symbolic links to folders are not followed; a broken one with the name of a model is a model,
 * so that it can be shown what is wrong with it.
 * @throws TrailError `cancelled`
 */
export async function* walkModels(
  root: string,
  options: WalkOptions,
  signal: AbortSignal,
): AsyncGenerator<FoundModel, void, undefined> {
  const globs = { dot: true, nocase: true };
  const included = picomatch([...options.include], globs);
  const excluded = picomatch([...options.exclude], globs);
  const waiting: ModelPath[] = [''];
  let found = 0;

  const look = async (folder: ModelPath): Promise<readonly FoundModel[]> => {
    const entries = await readFolder(root, folder, options.report);
    const names: ModelPath[] = [];
    for (const entry of entries) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (excluded(name)) continue;
      if (entry.isDirectory()) waiting.push(name);
      else if ((entry.isFile() || entry.isSymbolicLink()) && included(name)) names.push(name);
    }
    const models = await mapBounded(names, breadth, (name) => modelAt(root, name, options.looksLikeModel));
    return models.filter((model) => model !== undefined);
  };

  while (waiting.length > 0) {
    if (signal.aborted) throw new TrailError('cancelled', l10n.t('Cancelled. Nothing was changed.'));
    for (const models of await Promise.all(waiting.splice(-breadth).map(look))) {
      for (const model of models) {
        if (++found > mostModels) {
          options.report(
            '',
            l10n.t(
              'There are more than {0} model files; the rest is not shown. Exclude folders in the settings.',
              mostModels,
            ),
          );
          return;
        }
        yield model;
      }
    }
  }
}

async function readFolder(
  root: string,
  folder: ModelPath,
  report: WalkOptions['report'],
): Promise<readonly Dirent[]> {
  const absolute = path.join(root, folder);
  try {
    const entries = await readdir(absolute, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    const problem = systemError(error, absolute);
    // One that was removed meanwhile is nothing to report.
    if (folder === '' || problem.code !== 'notFound') report(folder, problem.message);
    return [];
  }
}

async function modelAt(
  root: string,
  name: ModelPath,
  looksLikeModel: WalkOptions['looksLikeModel'],
): Promise<FoundModel | undefined> {
  const absolute = path.join(root, name);
  const stats = await stat(absolute).catch(() => lstat(absolute).catch(() => undefined));
  if (!stats || !(stats.isFile() || stats.isSymbolicLink())) return undefined;
  const ambiguous = ambiguousEndings.includes(path.posix.extname(name).toLowerCase());
  if (ambiguous && !(await looksLikeModel(absolute))) return undefined;
  return { path: name, size: stats.size, mtimeMs: stats.mtimeMs };
}
