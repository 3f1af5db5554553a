import path from 'node:path';
import type { ModelPath } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import type { Version } from '../../core/versions.ts';
import { BlobReader } from '../../history/blobs.ts';
import type { HistoryBlob } from '../../history/cache.ts';
import { localObjects, readContents, readSizes } from '../../history/contents.ts';
import type { Git } from '../../history/git.ts';
import { isTree } from '../../history/trees.ts';
import type { CommitPlace } from '../api/targets.ts';
import { locate } from '../contents/contents.ts';
import type { TrailContext } from '../context.ts';
import { blobsBeside } from './dataVersions.ts';

// Git history is listed only of what the settings name, and the weights of an ONNX model may have any name.

/**
 * The versions of files beside an ONNX model which a commit has, of those whose history is not listed, by name. Reads their bytes.
 * @throws TrailError `cancelled`, `io`
 */
export async function unlistedAt(
  context: TrailContext,
  model: ModelPath,
  names: readonly string[],
  place: CommitPlace,
  operation: Operation,
): Promise<ReadonlyMap<string, Version>> {
  const found = new Map<string, Version>();
  const { git, catalogue } = context;
  if (!git) return found;
  const blobs = await blobsBeside(context, names, place, operation);
  const contents = await contentsOf(git, [...blobs.values()], operation);
  for (const [name, blob] of blobs) {
    const data = path.posix.join(path.posix.dirname(model), name);
    const id = contents.get(blob)?.id;
    const version = catalogue.versionsOf(data).find((candidate) => candidate.id === id);
    if (version) found.set(name, version);
  }
  return found;
}

/**
 * Versions of files beside an ONNX model; those that have no place here with the blob that a commit with the model has beside it, where
 * that is what they are.
 * @param named a commit to look in first
 * @throws TrailError `cancelled`, `io`
 */
export async function foundInGit(
  context: TrailContext,
  { model, sightings }: Version,
  data: readonly Version[],
  named: CommitPlace | undefined,
  operation: Operation,
): Promise<readonly Version[]> {
  const { git } = context;
  const [first] = sightings;
  if (!git || !first) return data;
  // A commit that did not bring the model is no sighting of it.
  const places = named ? [{ ...first, ...named }, ...sightings] : sightings;
  const missing = new Map<string, Version>();
  for (const version of data) {
    const name = path.posix.relative(path.posix.dirname(model), version.model);
    if (!(await locate(context, version, operation))) missing.set(name, version);
  }
  const found = new Map<Version, Version>();
  for (const sighting of places) {
    if (missing.size === 0) break;
    const blobs = await blobsBeside(context, [...missing.keys()], sighting, operation);
    const sizes = new Set([...missing.values()].map(({ size }) => size));
    const contents = await contentsOf(git, [...blobs.values()], operation, sizes);
    for (const [name, version] of missing) {
      const content = contents.get(blobs.get(name) ?? '');
      if (content?.id !== version.id || content.lfs) continue;
      const at = path.posix.join(path.posix.dirname(sighting.path), name);
      const place = { ...sighting, path: at, blob: content.blob, lfs: false };
      found.set(version, { ...version, sightings: [place] });
      missing.delete(name);
    }
  }
  return data.map((version) => found.get(version) ?? version);
}

/** @param ofSize only of blobs with one of these sizes */
async function contentsOf(
  git: Git,
  blobs: readonly string[],
  operation: Operation,
  ofSize?: ReadonlySet<number>,
): Promise<ReadonlyMap<string, HistoryBlob>> {
  const files = blobs.filter((blob) => !isTree(blob));
  const here = await readSizes(git, await localObjects(git, files, operation.signal), operation.signal);
  const wanted = [...here].filter(([, size]) => ofSize?.has(size) ?? true).map(([blob]) => blob);
  const contents = new Map<string, HistoryBlob>();
  const reader = new BlobReader(git, operation.signal);
  const keep = (known: readonly HistoryBlob[]): void => {
    for (const content of known) contents.set(content.blob, content);
  };
  try {
    await readContents(git, { putBlobs: keep }, reader, wanted, operation);
  } finally {
    reader.dispose();
  }
  return contents;
}
