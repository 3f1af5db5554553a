import path from 'node:path';
import type { ModelPath } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import type { Version } from '../../core/versions.ts';
import { isModelPath } from '../../journal/modelPath.ts';
import type { CommitPlace } from '../api/targets.ts';
import type { TrailContext } from '../context.ts';

/** The version of a file beside an ONNX model that was recorded together with a version of that, if any was. */
export function recordedBeside(
  { catalogue }: TrailContext,
  { model, externalData = {} }: Version,
  name: string,
): Version | undefined {
  const data = path.posix.join(path.posix.dirname(model), name);
  if (!Object.hasOwn(externalData, name) || !isModelPath(data)) return undefined;
  return catalogue.versionsOf(data).find(({ id }) => id === externalData[name]);
}

/** The versions of such files that the commit has which has the version of the model, by name. @throws TrailError `cancelled` */
export async function committedBeside(
  context: TrailContext,
  { model, sightings }: Version,
  names: readonly string[],
  operation: Operation,
): Promise<ReadonlyMap<string, Version | undefined>> {
  const [sighting] = sightings;
  return sighting ? committedAt(context, model, names, sighting, operation) : new Map();
}

/**
 * The versions of files beside an ONNX model that a commit has, by name; undefined where one is not known here.
 * @param place where the model is in that commit
 * @throws TrailError `cancelled`
 */
export async function committedAt(
  context: TrailContext,
  model: ModelPath,
  names: readonly string[],
  place: CommitPlace,
  operation: Operation,
): Promise<ReadonlyMap<string, Version | undefined>> {
  const versions = new Map<string, Version | undefined>();
  for (const [name, blob] of await blobsBeside(context, names, place, operation)) {
    const data = path.posix.join(path.posix.dirname(model), name);
    const isIt = ({ sightings }: Version): boolean => sightings.some((seen) => seen.blob === blob);
    versions.set(name, context.catalogue.versionsOf(data).find(isIt));
  }
  return versions;
}

/** The blobs of files beside an ONNX model that a commit has, by name. @throws TrailError `cancelled` */
export async function blobsBeside(
  { git, gitPrefix }: TrailContext,
  names: readonly string[],
  place: CommitPlace,
  { signal }: Operation,
): Promise<ReadonlyMap<string, string>> {
  const folder = gitPrefix + path.posix.dirname(place.path);
  const named = new Map(names.map((name) => [path.posix.join(folder, name), name]));
  const blobs = new Map<string, string>();
  for (const [at, blob] of (await git?.blobsAt(place.commit, [...named.keys()], signal)) ?? []) {
    const name = named.get(at);
    if (name !== undefined) blobs.set(name, blob);
  }
  return blobs;
}
