import path from 'node:path';
import type { Version } from '../../core/versions.ts';
import { isModelPath } from '../../journal/modelPath.ts';
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
  { catalogue, git, gitPrefix }: TrailContext,
  { model, sightings }: Version,
  name: string,
): Promise<Version | undefined> {
  const [sighting] = sightings;
  if (!git || !sighting) return undefined;
  const inTree = path.posix.join(gitPrefix + path.posix.dirname(sighting.path), name);
  const blob = await git.blobAt(sighting.commit, inTree);
  if (blob === undefined) return undefined;
  const data = path.posix.join(path.posix.dirname(model), name);
  return catalogue.versionsOf(data).find((version) => version.sightings.some((seen) => seen.blob === blob));
}
