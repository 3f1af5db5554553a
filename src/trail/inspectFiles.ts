import path from 'node:path';
import { TrailError } from '../core/errors.ts';
import { defaultExclude, defaultInclude } from '../core/defaultPatterns.ts';
import type { Operation } from '../core/operation.ts';
import { directoryFiles } from '../files/directory.ts';
import { stampOf } from '../files/stamp.ts';
import { walkModels } from '../files/walk.ts';
import { looksLikeModel } from '../formats/looksLikeModel.ts';
import { fileAccess } from '../formats/randomAccess.ts';
import type { FullInspection, Inspection } from './api.ts';
import { allStatistics, inspectionOf } from './inspecting.ts';
import { besideFile } from './openContent.ts';
import { openModel } from './openModels.ts';

/** Files that are in no trail, or that nobody asks the trail about. */

/**
 * What a file says of itself, and with `all` what its elements come to.
 * @param file absolute
 * @param shown what the record calls it
 * @throws TrailError
 */
export async function inspectFile(
  file: string,
  shown: string,
  all: boolean,
  operation: Operation,
): Promise<Inspection | FullInspection> {
  // First what is wrong with the file, in words.
  await stampOf(file);
  const access = await fileAccess(file);
  const content = { access, name: path.basename(file), sibling: besideFile(file) };
  const model = await openModel(content, operation);
  try {
    const inspection = inspectionOf(model, shown);
    return all ? { ...inspection, statistics: await allStatistics(model, operation) } : inspection;
  } finally {
    await model.close();
  }
}

export interface FoundFile {
  /** From the folder, with `/`. */
  readonly path: string;
  /** Why it could not be looked into. */
  readonly problem?: string;
}

/** The model files below a folder, by their names, with those of directories that are one model. @throws TrailError `cancelled` */
export async function modelFiles(folder: string, operation: Operation): Promise<readonly FoundFile[]> {
  const found: FoundFile[] = [];
  const options = {
    include: defaultInclude,
    exclude: defaultExclude,
    looksLikeModel,
    report: (inner: string, problem: string) => found.push({ path: inner, problem }),
  };
  for await (const model of walkModels(folder, options, operation.signal)) {
    if (model.files === undefined) found.push({ path: model.path });
    else found.push(...(await filesWithin(folder, model.path)));
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Not those of files that only make a model of their folder. */
const endings = new Set(defaultInclude.flatMap((glob) => /^\*\*\/\*(\.\w+)$/.exec(glob)?.[1] ?? []));

async function filesWithin(folder: string, directory: string): Promise<readonly FoundFile[]> {
  try {
    const files = await directoryFiles(path.join(folder, directory));
    const models = files.filter((file) => endings.has(path.posix.extname(file.path)));
    return models.map((file) => ({ path: `${directory}/${file.path}` }));
  } catch (error) {
    if (!TrailError.is(error) || error.code === 'cancelled') throw error;
    return [{ path: directory, problem: error.message }];
  }
}
