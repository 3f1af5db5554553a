import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { ModelPath } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import { type Version, versionName } from '../../core/versions.ts';
import { displayNames } from '../../formats/displayText.ts';
import type { CommitPlace } from '../api/targets.ts';
import { check } from '../catalogue/workingCopies.ts';
import type { TrailContext } from '../context.ts';
import { foundInGit } from '../reading/dataInGit.ts';
import { placeOf } from './dataOfCopy.ts';
import { dataNames, pairing } from './dataOfVersion.ts';

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
