import { lstat } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import type { Operation } from '../../core/operation.ts';
import { type Version, versionName } from '../../core/versions.ts';
import { hashFile } from '../../files/hash.ts';
import { displayNames } from '../../formats/displayText.ts';
import { locate } from '../contents/contents.ts';
import type { TrailContext } from '../context.ts';
import { realFolder, requireInside } from '../paths.ts';
import { foundInGit } from '../reading/dataInGit.ts';
import { dataNames, pairing } from './dataOfVersion.ts';

/** The files with the weights of a version of an ONNX model, to be written beside it: nothing can load a graph without them. */
export interface DataToSave {
  /** Those that are not there already. */
  readonly files: readonly DataFileToSave[];
  /** Sentences on those that cannot be had, if there are any. */
  readonly unsaved?: string;
}

export interface DataFileToSave {
  /** As the graph names it. */
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  readonly version: Version;
  /** Whether there is something else. */
  readonly overwrites: boolean;
}

/**
 * @param file where the graph is saved, absolute
 * @throws TrailError `refused` where it would be in the way of its weights, or they would be behind a link; as reading a version does
 */
export async function dataToSave(
  context: TrailContext,
  version: Version,
  file: string,
  operation: Operation,
): Promise<DataToSave> {
  const { inFolder, elsewhere } = await dataNames(context, version, operation);
  const versionOf = await pairing(context, version, inFolder, undefined, operation);
  const folder = await realFolder(path.dirname(file));
  const files: DataFileToSave[] = [];
  const [unknown, missing]: [string[], string[]] = [[], []];
  for (const name of inFolder) {
    if (name === path.posix.basename(version.model)) continue;
    const recorded = versionOf(name);
    const [data] = recorded ? await foundInGit(context, version, [recorded], undefined, operation) : [];
    if (!data) unknown.push(name);
    else if (!(await locate(context, data, operation))) missing.push(name);
    else {
      if (name === path.basename(file)) throw inTheWay(version, name);
      await requireInside(folder, name);
      const place = path.join(folder, name);
      const there = await whatIsThere(place, data, operation);
      if (there !== 'same') files.push({ name, file: place, version: data, overwrites: there === 'other' });
    }
  }
  return { files, unsaved: sentences(version, { unknown, missing, elsewhere }) };
}

async function whatIsThere(
  file: string,
  { id, size }: Version,
  operation: Operation,
): Promise<'nothing' | 'same' | 'other'> {
  const stats = await lstat(file).catch(() => undefined);
  if (!stats) return 'nothing';
  if (!stats.isFile() || stats.size !== size) return 'other';
  return (await hashFile(file, operation, path.basename(file))).id === id ? 'same' : 'other';
}

function inTheWay(version: Version, name: string): TrailError {
  return new TrailError(
    'refused',
    l10n.t(
      '{0} of {1} has its weights in a file {2} beside it. Save it under another name.',
      versionName(version),
      version.model,
      name,
    ),
  );
}

function sentences(
  version: Version,
  { unknown, missing, elsewhere }: Record<'unknown' | 'missing' | 'elsewhere', readonly string[]>,
): string | undefined {
  const all: string[] = [];
  if (unknown.length > 0)
    all.push(
      l10n.t(
        'Its weights in {0} were not saved with it, without which it cannot be loaded: which version of that belongs to {1} is not known.',
        displayNames(unknown),
        versionName(version),
      ),
    );
  if (missing.length > 0)
    all.push(
      l10n.t(
        'Its weights in {0} were not saved with it, without which it cannot be loaded: their bytes are not on this machine.',
        displayNames(missing),
      ),
    );
  if (elsewhere.length > 0)
    all.push(
      l10n.t(
        'Its weights are said to be in {0}, which was not saved with it: that is no file in its folder, or a hidden one.',
        displayNames(elsewhere),
      ),
    );
  return all.length === 0 ? undefined : all.join(' ');
}
