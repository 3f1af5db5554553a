import path from 'node:path';
import type { ModelPath } from '../../core/facts.ts';
import { type Operation, unattended } from '../../core/operation.ts';
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

/** The version of it that the commit has which has the version of the model. */
export async function committedBeside(
  context: TrailContext,
  { model, sightings }: Version,
  name: string,
): Promise<Version | undefined> {
  const [sighting] = sightings;
  return sighting && (await committedAt(context, model, [name], sighting, unattended)).get(name);
}

/**
 * The versions of files beside an ONNX model that a commit has, by name; undefined where one is not known here.
 * @param place where the model is in that commit
 * @throws TrailError `cancelled`
 */
export async function committedAt(
  { catalogue, git, gitPrefix }: TrailContext,
  model: ModelPath,
  names: readonly string[],
  place: CommitPlace,
  { signal }: Operation,
): Promise<ReadonlyMap<string, Version | undefined>> {
  const versions = new Map<string, Version | undefined>();
  if (!git || names.length === 0) return versions;
  const folder = gitPrefix + path.posix.dirname(place.path);
  const paths = names.map((name) => path.posix.join(folder, name));
  const blobs = await git.blobsAt(place.commit, paths, signal);
  for (const [at, name] of names.entries()) {
    const blob = blobs.get(paths[at] ?? '');
    if (blob === undefined) continue;
    const data = path.posix.join(path.posix.dirname(model), name);
    const isIt = ({ sightings }: Version): boolean => sightings.some((seen) => seen.blob === blob);
    versions.set(name, catalogue.versionsOf(data).find(isIt));
  }
  return versions;
}
