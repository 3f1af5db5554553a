import path from 'node:path';
import type { ModelPath } from '../core/facts.ts';
import { anyOf } from '../core/globs.ts';
import { isCheckpoint, isOnlyMarker, isPartOfModel, modelDirectory } from '../core/modelDirectories.ts';
import { fileInTheWay } from './inTheWay.ts';
import { namesIn } from './namesIn.ts';
import { modelAt, type WalkOptions } from './walk.ts';

/**
 * The model that a walk through a folder would find at a place in it, or that what is there would belong to; undefined for none.
 * @throws TrailError `io`
 */
export async function modelThere(
  root: string,
  place: ModelPath,
  options: Pick<WalkOptions, 'include' | 'exclude' | 'looksLikeModel'>,
): Promise<ModelPath | undefined> {
  const included = anyOf(options.include, { nocase: true });
  const excluded = anyOf(options.exclude, { nocase: true });
  const names = place.split('/');
  for (const [index, name] of names.slice(0, -1).entries()) {
    const folder = names.slice(0, index + 1).join('/');
    if (excluded(folder)) return undefined;
    const directory = modelDirectory(name, new Set(await namesInFolder(path.join(root, folder))));
    if (!directory?.markers.some((marker) => included(`${folder}/${marker}`))) continue;
    const inner = names.slice(index + 1);
    if (inner.every(isPartOfModel)) return folder;
    // Of what else is in it only the folders of checkpoints are looked into.
    if (inner.length === 1 || !isCheckpoint(inner[0] ?? '')) return undefined;
  }
  if (excluded(place) || !included(place) || isOnlyMarker(names.at(-1) ?? '')) return undefined;
  return (await modelAt(root, place, options.looksLikeModel))?.path;
}

/** None where a file is. */
async function namesInFolder(folder: string): Promise<readonly string[]> {
  return fileInTheWay(folder) === undefined ? namesIn(folder) : [];
}
