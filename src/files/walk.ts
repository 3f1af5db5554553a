import type { Dirent } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { ModelPath } from '../core/facts.ts';
import { ambiguousEndings } from '../core/defaultPatterns.ts';
import { anyOf } from '../core/globs.ts';
import { isCheckpoint, isOnlyMarker, modelDirectory } from '../core/modelDirectories.ts';
import { systemCode } from '../core/errors.ts';
import { throwIfCancelled } from '../core/operation.ts';
import { directoryFiles, directoryStamp } from './directory.ts';
import { processOfTemporary } from './durable.ts';
import { mapBounded } from './mapBounded.ts';
import { notUtf8 } from './notUtf8.ts';
import { systemError } from './systemError.ts';

export interface WalkOptions {
  /** Globs relative to the root that make a file a model. */
  readonly include: readonly string[];
  /** Globs that are never looked into. */
  readonly exclude: readonly string[];
  /** The folder to look through, relative to the root; the root itself if not given. */
  readonly from?: ModelPath;
  /** Tells by its bytes whether a file with an ending that other files have too is a model. */
  readonly looksLikeModel: (file: string) => Promise<boolean>;
  /** A folder or file that had to be passed over, relative to the root, or that there is more than can be shown. */
  readonly report: (path: string, message: string) => void;
  /** A hidden folder in which another process builds a directory, or was when it died; relative to the root. */
  readonly foundSwap?: (path: string) => void;
}

export interface FoundModel {
  readonly path: ModelPath;
  /** In bytes. */
  readonly size: number;
  readonly mtimeMs: number;
  /** How many files a directory that is one model has. */
  readonly files?: number;
}

const mostModels = 50_000;
/** Folders read at a time, and files looked at in each. */
const breadth = 16;

/**
 * The models under a folder: files, and directories that are one model. Symbolic links to folders are not followed; a broken one with the name of a model is a model,
 * so that it can be shown what is wrong with it.
 * @throws TrailError `cancelled`
 */
export async function* walkModels(
  root: string,
  options: WalkOptions,
  signal: AbortSignal,
): AsyncGenerator<FoundModel, void, undefined> {
  const included = anyOf(options.include, { nocase: true });
  const excluded = anyOf(options.exclude, { nocase: true });
  const waiting: ModelPath[] = [options.from ?? ''];
  const unnamed = new Set<ModelPath>();
  let found = 0;

  const missing = (name: ModelPath): void => {
    // Several can look the same.
    if (!name.includes(notUtf8) || unnamed.has(name)) return;
    unnamed.add(name);
    options.report(name, l10n.t('The name is not UTF-8, so this cannot be opened here. Rename it.'));
  };

  const look = async (folder: ModelPath): Promise<readonly FoundModel[]> => {
    const entries = await readFolder(root, folder, options.report, missing);
    const inFolder = (name: string): ModelPath => (folder === '' ? name : `${folder}/${name}`);
    const entryNames = new Set(entries.map(({ name }) => name));
    const directory = folder === '' ? undefined : modelDirectory(path.basename(folder), entryNames);
    const isModel = directory?.markers.some((marker) => included(inFolder(marker))) ?? false;
    const names: ModelPath[] = [];
    for (const entry of entries) {
      const name = inFolder(entry.name);
      if (excluded(name)) continue;
      if (entry.isDirectory()) {
        if (processOfTemporary(entry.name) !== undefined) options.foundSwap?.(name);
        else if (!isModel || isCheckpoint(entry.name)) waiting.push(name);
      } else if (!isModel && (entry.isFile() || entry.isSymbolicLink()) && included(name)) {
        if (!isOnlyMarker(entry.name)) names.push(name);
      }
    }
    if (isModel) return [await directoryAt(root, folder)];
    const models = await mapBounded(names, breadth, (name) =>
      modelAt(root, name, options.looksLikeModel, missing),
    );
    return models.filter((model) => model !== undefined);
  };

  while (waiting.length > 0) {
    throwIfCancelled({ signal });
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
  missing: (folder: ModelPath) => void,
): Promise<readonly Dirent[]> {
  const absolute = path.join(root, folder);
  try {
    const entries = await readdir(absolute, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    // One that was removed meanwhile is nothing to report.
    if (folder !== '' && ['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) missing(folder);
    else report(folder, systemError(error, absolute).message);
    return [];
  }
}

/** The file that is a model at a path, if there is one. @param missing told when there is nothing, though it was listed */
export async function modelAt(
  root: string,
  name: ModelPath,
  looksLikeModel: WalkOptions['looksLikeModel'],
  missing: (file: ModelPath) => void = () => {},
): Promise<FoundModel | undefined> {
  const absolute = path.join(root, name);
  const stats = await stat(absolute).catch(() => lstat(absolute).catch(() => undefined));
  if (!stats) missing(name);
  if (!stats || !(stats.isFile() || stats.isSymbolicLink())) return undefined;
  const ambiguous = ambiguousEndings.includes(path.posix.extname(name).toLowerCase());
  if (ambiguous && !(await looksLikeModel(absolute))) return undefined;
  return { path: name, size: stats.size, mtimeMs: stats.mtimeMs };
}

/** What is wrong with one shows when it is looked at. */
async function directoryAt(root: string, name: ModelPath): Promise<FoundModel> {
  const files = await directoryFiles(path.join(root, name)).catch(() => []);
  const { size, mtimeNs } = directoryStamp(files);
  return { path: name, size, mtimeMs: Number(BigInt(mtimeNs) / 1_000_000n), files: files.length };
}
