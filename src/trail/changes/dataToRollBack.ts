import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { isLost } from '../../core/errors.ts';
import type { ModelPath } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import { type Version, versionName } from '../../core/versions.ts';
import { displayNames } from '../../formats/displayText.ts';
import { type DataFiles, dataFilesOf, isDataName } from '../../formats/onnx/dataFiles.ts';
import type { CommitPlace } from '../api/targets.ts';
import { check } from '../catalogue/workingCopies.ts';
import type { TrailContext } from '../context.ts';
import { foundInGit, unlistedAt } from '../reading/dataInGit.ts';
import { committedAt, recordedBeside } from '../reading/dataVersions.ts';
import { openVersion } from '../reading/openContent.ts';
import { isOnnx, placeOf } from './dataOfCopy.ts';

/** The files with the weights of a version of an ONNX model, as they are on disk now. */
export interface DataToRollBack extends StayingData {
  /** The versions that belong to it, of those that are something else now. */
  readonly changed: readonly Version[];
}

/** Those that stay as they are. */
interface StayingData {
  /** Of which nobody knows what they were then. */
  readonly unknown: readonly ModelPath[];
  /** Where nothing is put. */
  readonly elsewhere: readonly string[];
}

/**
 * @param at the commit that was named, if one was: its files are meant
 * @throws TrailError as reading a version and hashing a working copy do
 */
export async function dataToRollBack(
  context: TrailContext,
  version: Version,
  at: CommitPlace | undefined,
  operation: Operation,
): Promise<DataToRollBack> {
  const named = await dataNames(context, version, operation);
  const versionOf = await pairing(context, version, named.inFolder, at, operation);
  const changed: Version[] = [];
  const unknown: ModelPath[] = [];
  const elsewhere = [...named.elsewhere];
  for (const name of named.inFolder) {
    const model = path.posix.join(path.posix.dirname(version.model), name);
    if (model === version.model) continue;
    const data = versionOf(name);
    if ((await placeOf(context, model)) === 'elsewhere') elsewhere.push(model);
    else if (!data) unknown.push(model);
    else {
      const now = await check(context, model, operation);
      if (now.state !== 'same' || now.version !== data.id) changed.push(data);
    }
  }
  return { changed: await foundInGit(context, version, changed, at, operation), unknown, elsewhere };
}

/** What the graph says. The journal, which anybody may have written, is believed where the graph is damaged. */
async function dataNames(context: TrailContext, version: Version, operation: Operation): Promise<DataFiles> {
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

/** Which version of each file belongs to a version of the model: as a commit has them that was named, else as they were recorded. */
async function pairing(
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

/** Sentences on the files that stay as they are, if there are any. */
export function unknownData(version: Version, { unknown, elsewhere }: StayingData): string | undefined {
  const sentences: string[] = [];
  if (unknown.length > 0)
    sentences.push(
      l10n.t(
        'Weights of it are in {0}, which stays as it is: which version of that belongs to {1} is not known.',
        displayNames(unknown),
        versionName(version),
      ),
    );
  if (elsewhere.length > 0)
    sentences.push(
      l10n.t(
        'Weights of it are said to be in {0}, which stays as it is: that is no file in its folder, a hidden file, or a link that leads out of the trail.',
        displayNames(elsewhere),
      ),
    );
  return sentences.length === 0 ? undefined : sentences.join(' ');
}
