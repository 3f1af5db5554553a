import path from 'node:path';
import { isLost } from '../../core/errors.ts';
import type { Operation } from '../../core/operation.ts';
import type { Version } from '../../core/versions.ts';
import { type DataFiles, dataFilesOf, isDataName } from '../../formats/onnx/dataFiles.ts';
import type { CommitPlace } from '../api/targets.ts';
import type { TrailContext } from '../context.ts';
import { unlistedAt } from '../reading/dataInGit.ts';
import { committedAt, recordedBeside } from '../reading/dataVersions.ts';
import { openVersion } from '../reading/openContent.ts';
import { isOnnx } from './dataOfCopy.ts';

/**
 * The files with the weights of a version of an ONNX model, as the graph names them. The journal, which anybody may have written, is believed
 * where the graph is damaged.
 * @throws TrailError as reading a version does
 */
export async function dataNames(
  context: TrailContext,
  version: Version,
  operation: Operation,
): Promise<DataFiles> {
  const { model, files, externalData = {} } = version;
  if (files !== undefined || !isOnnx(model)) return { inFolder: [], elsewhere: [] };
  try {
    const access = await openVersion(context, version, operation);
    const { signal } = operation;
    return await dataFilesOf(access, { name: model, signal }).finally(() => access.close());
  } catch (error) {
    // Git may have it still, where the rollback finds it.
    if (!isLost(error)) throw error;
    const isGood = (name: string): boolean => isDataName(name) && path.posix.normalize(name) === name;
    return { inFolder: Object.keys(externalData).filter(isGood), elsewhere: [] };
  }
}

/** Which version of each file belongs to a version of the model: as a commit has them that was named, else as they were recorded. @throws TrailError `cancelled` */
export async function pairing(
  context: TrailContext,
  version: Version,
  names: readonly string[],
  at: CommitPlace | undefined,
  operation: Operation,
): Promise<(name: string) => Version | undefined> {
  const recorded = (name: string): Version | undefined => recordedBeside(context, version, name);
  const { model, sightings } = version;
  if (at) {
    const committed = await committedAt(context, model, names, at, operation);
    const rest = names.filter((name) => committed.has(name) && !committed.get(name));
    const unlisted = await unlistedAt(context, model, rest, at, operation);
    return (name) => (committed.has(name) ? (committed.get(name) ?? unlisted.get(name)) : recorded(name));
  }
  const others = names.filter((name) => !recorded(name));
  const found = new Map<string, Set<Version | undefined>>();
  for (const sighting of others.length === 0 ? [] : sightings) {
    for (const [name, data] of await committedAt(context, model, others, sighting, operation))
      found.set(name, (found.get(name) ?? new Set()).add(data));
  }
  return (name) => {
    const [first, ...different] = found.get(name) ?? [];
    // Several commits have the model with different weights, and none of them was named.
    return recorded(name) ?? (different.length === 0 ? first : undefined);
  };
}
