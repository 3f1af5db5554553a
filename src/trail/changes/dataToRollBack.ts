import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { isLost } from '../../core/errors.ts';
import type { ModelPath } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import { type Version, versionName } from '../../core/versions.ts';
import { displayNames } from '../../formats/displayText.ts';
import { dataFilesOf } from '../../formats/onnx/dataFiles.ts';
import { check } from '../catalogue/workingCopies.ts';
import type { TrailContext } from '../context.ts';
import { committedBeside, recordedBeside } from '../reading/dataVersions.ts';
import { openVersion } from '../reading/openContent.ts';
import { isOnnx, placeOf } from './dataOfCopy.ts';

/** The files with the weights of a version of an ONNX model, as they are on disk now. */
export interface DataToRollBack {
  /** The versions that belong to it, of those that are something else now. */
  readonly changed: readonly Version[];
  /** Those of which nobody knows what they were then. */
  readonly unknown: readonly ModelPath[];
}

/** @throws TrailError as reading a version and hashing a working copy do */
export async function dataToRollBack(
  context: TrailContext,
  version: Version,
  operation: Operation,
): Promise<DataToRollBack> {
  const changed: Version[] = [];
  const unknown: ModelPath[] = [];
  for (const name of await dataNames(context, version, operation)) {
    const model = path.posix.join(path.posix.dirname(version.model), name);
    if (model === version.model || (await placeOf(context, model)) === 'elsewhere') continue;
    const data = recordedBeside(context, version, name) ?? (await committedBeside(context, version, name));
    if (!data) unknown.push(model);
    else {
      const now = await check(context, model, operation);
      if (now.state !== 'same' || now.version !== data.id) changed.push(data);
    }
  }
  return { changed, unknown };
}

/** What the graph says, and what is known of it where that is damaged. */
async function dataNames(
  context: TrailContext,
  version: Version,
  operation: Operation,
): Promise<ReadonlySet<string>> {
  const { model, files, externalData = {} } = version;
  const names = new Set(Object.keys(externalData));
  if (files !== undefined || !isOnnx(model)) return names;
  try {
    const access = await openVersion(context, version, operation);
    const { signal } = operation;
    const said = await dataFilesOf(access, { name: model, signal }).finally(() => access.close());
    for (const name of said.inFolder) names.add(name);
  } catch (error) {
    // Git may have it still, where the rollback finds it.
    if (!isLost(error)) throw error;
  }
  return names;
}

/** A sentence on the files that stay as they are, if there are any. */
export function unknownData(version: Version, unknown: readonly ModelPath[]): string | undefined {
  if (unknown.length === 0) return undefined;
  return l10n.t(
    'Weights of it are in {0}, which stays as it is: which version of that belongs to {1} is not known.',
    displayNames(unknown),
    versionName(version),
  );
}
