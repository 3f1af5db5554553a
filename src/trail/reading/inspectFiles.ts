import { stat } from 'node:fs/promises';
import path from 'node:path';
import { defaultExclude, defaultInclude } from '../../core/defaultPatterns.ts';
import type { Operation } from '../../core/operation.ts';
import { stampOf } from '../../files/stamp.ts';
import { walkModels } from '../../files/walk.ts';
import { looksLikeModel } from '../../formats/looksLikeModel.ts';
import type { FullInspection, Inspection } from '../api/inspection.ts';
import { allStatistics, inspectionOf } from './inspecting.ts';
import { type OpenContent, openFile } from './openContent.ts';
import { openFolder } from './openDirectory.ts';
import { openModel } from './openModels.ts';
import { objectsAround } from '../contents/pointers.ts';

// Files that are in no trail, or that nobody asks the trail about.

/**
 * What a file, or a directory that is one model, says of itself, and with `all` what its elements come to.
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
  const isDirectory = await stat(file).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  const content = isDirectory ? await openFolder(file, objectsAround(file)) : await open(file);
  const model = await openModel(content, operation);
  try {
    const inspection = inspectionOf(model, shown);
    return all ? { ...inspection, statistics: await allStatistics(model, operation) } : inspection;
  } finally {
    await model.close();
  }
}

async function open(file: string): Promise<OpenContent> {
  // First what is wrong with the file, in words.
  await stampOf(file);
  return openFile(file, objectsAround(path.dirname(file)));
}

export interface FoundFile {
  /** From the folder, with `/`. */
  readonly path: string;
  /** Why it could not be looked into. */
  readonly problem?: string;
}

/** The models below a folder, files and directories. @throws TrailError `cancelled` */
export async function modelFiles(folder: string, operation: Operation): Promise<readonly FoundFile[]> {
  const found: FoundFile[] = [];
  const options = {
    include: defaultInclude,
    exclude: defaultExclude,
    looksLikeModel,
    report: (inner: string, problem: string) => found.push({ path: inner, problem }),
  };
  for await (const model of walkModels(folder, options, operation.signal)) found.push({ path: model.path });
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}
