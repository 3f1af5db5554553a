import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { systemCode } from '../../core/errors.ts';
import type { ModelPath } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import { changedWhileRead } from '../../files/hash.ts';
import { sameStamp, stampOf } from '../../files/stamp.ts';
import { displayNames } from '../../formats/displayText.ts';
import { dataFilesOf } from '../../formats/onnx/dataFiles.ts';
import { fileAccess } from '../../formats/randomAccess.ts';
import { isModelPath } from '../../journal/modelPath.ts';
import { lookAtPath } from '../catalogue/workingCopies.ts';
import type { TrailContext } from '../context.ts';
import { absolutePath } from '../paths.ts';
import type { KeptCopy } from './keeping.ts';

export interface DataFile {
  /** From the folder of the model that names it. */
  readonly name: string;
  readonly model: ModelPath;
}

export interface DataOfCopy {
  readonly files: readonly DataFile[];
  /** Why others cannot be recorded, in sentences. */
  readonly problems: readonly string[];
}

/** The files with the weights of an ONNX model that was just kept. @throws TrailError `refused` when it changed since */
export async function dataOfCopy(
  context: TrailContext,
  model: ModelPath,
  kept: KeptCopy,
  { signal }: Operation,
): Promise<DataOfCopy> {
  if (kept.files || !isOnnx(model)) return { files: [], problems: [] };
  const file = absolutePath(context.root, model);
  const access = await fileAccess(file);
  const named = await dataFilesOf(access, { name: file, signal }).finally(() => access.close());
  if (!sameStamp(kept.stamp, await stampOf(file))) throw changedWhileRead(file);
  const files: DataFile[] = [];
  const found: Record<Exclude<Place, 'here'>, string[]> = {
    elsewhere: [...named.elsewhere],
    missing: [],
    pointer: [],
  };
  for (const name of named.inFolder) {
    const data = { name, model: path.posix.join(path.posix.dirname(model), name) };
    const place = await placeOf(context, data.model);
    if (place !== 'here') found[place].push(name);
    else if (data.model !== model) files.push(data);
  }
  return { files, problems: problemsOf(model, found) };
}

/** ONNX has no mark of its own: a file of it is known by its name. */
export function isOnnx(model: ModelPath): boolean {
  return /\.onnx$/i.test(model);
}

type Place = 'here' | 'elsewhere' | 'missing' | 'pointer';

/** Somebody else wrote what is named: no link is followed out of the trail, and nothing is read that is no file. */
export async function placeOf(context: TrailContext, model: ModelPath): Promise<Place> {
  if (!isModelPath(model)) return 'elsewhere';
  try {
    const real = await realpath(absolutePath(context.root, model));
    const inTrail = path.relative(context.root, real).replaceAll(path.sep, '/');
    if (!isModelPath(inTrail) || !(await stat(real)).isFile()) return 'elsewhere';
  } catch (error) {
    // What else is wrong is told when it is read.
    return systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR' ? 'missing' : 'here';
  }
  return (await lookAtPath(context, model)).state === 'pointer' ? 'pointer' : 'here';
}

function problemsOf(
  model: ModelPath,
  { missing, pointer, elsewhere }: Record<Exclude<Place, 'here'>, string[]>,
): readonly string[] {
  return [
    ...(missing.length === 0
      ? []
      : [
          l10n.t(
            'Weights of {0} are in files that are missing: {1}. The version was recorded without them. When they are there, record it again.',
            model,
            displayNames(missing),
          ),
        ]),
    ...(pointer.length === 0
      ? []
      : [
          l10n.t(
            'Weights of {0} are in files that are here only as pointers of Git LFS: {1}. The version was recorded without them. Get them with `git lfs pull`, then record it again.',
            model,
            displayNames(pointer),
          ),
        ]),
    ...(elsewhere.length === 0
      ? []
      : [
          l10n.t(
            'Weights of {0} are said to be in what is no file in its folder, a hidden file, or a link that leads out of the trail, so these were not recorded: {1}',
            model,
            displayNames(elsewhere),
          ),
        ]),
  ];
}
