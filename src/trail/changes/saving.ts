import { lstat, realpath } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import type { ModelPath } from '../../core/facts.ts';
import { isPartOfModel } from '../../core/modelDirectories.ts';
import type { Operation } from '../../core/operation.ts';
import { type Version, versionName } from '../../core/versions.ts';
import { modelThere } from '../../files/modelThere.ts';
import { replaceWithContent } from '../../files/safeWrite.ts';
import { displayNames } from '../../formats/displayText.ts';
import { looksLikeModel } from '../../formats/looksLikeModel.ts';
import type { SavePlan, SaveResult } from '../api/changes.ts';
import type { SaveTarget, VersionTarget } from '../api/targets.ts';
import { withContent } from '../contents/contents.ts';
import type { TrailContext, WithTrail } from '../context.ts';
import { type DataFileToSave, type DataToSave, dataToSave } from './dataToSave.ts';
import { saveDirectory } from './restoring.ts';
import { findRoot } from '../root.ts';

/** What saving would overwrite besides the file that was named; changes nothing. @param file absolute */
export async function planSaveAs(
  context: TrailContext,
  withTrail: WithTrail,
  target: VersionTarget,
  file: string,
  operation: Operation,
): Promise<SavePlan> {
  const { files } = await toSave(context, withTrail, target, file, operation);
  return { overwrites: files.filter(({ overwrites }) => overwrites).map(({ name }) => name) };
}

/** Writes a version's bytes, verified, to any file that is no model, and the weights of an ONNX model beside it. @param file absolute */
export async function saveAs(
  context: TrailContext,
  withTrail: WithTrail,
  target: SaveTarget,
  file: string,
  operation: Operation,
): Promise<SaveResult> {
  const { version, files, unsaved } = await toSave(context, withTrail, target, file, operation);
  if (version.files !== undefined) {
    await saveDirectory(context, version, file, operation);
    return {};
  }
  const { overwrite = [] } = target;
  const taken = files.filter(({ name, overwrites }) => overwrites && !overwrite.includes(name));
  if (taken.length > 0) throw alreadyThere(version, taken);
  // A graph is never without its weights.
  for (const data of files)
    await write(context, data.version, data.file, operation, data.overwrites ? undefined : 'missing');
  await write(context, version, file, operation);
  return { unsaved };
}

async function write(
  context: TrailContext,
  version: Version,
  file: string,
  operation: Operation,
  expected?: 'missing',
): Promise<void> {
  const { id, size, model } = version;
  await withContent(
    context,
    version,
    (content) => replaceWithContent(file, content, { id, size, expected, model }, operation),
    operation,
  );
}

/** @throws TrailError `refused` */
async function toSave(
  context: TrailContext,
  withTrail: WithTrail,
  target: VersionTarget,
  file: string,
  operation: Operation,
): Promise<DataToSave & { readonly version: Version }> {
  if (!path.isAbsolute(file)) throw new TrailError('usage', l10n.t('{0} is not an absolute path.', file));
  const version = context.catalogue.version(target);
  await requireNoModel(context.root, withTrail, file);
  const data = await dataToSave(context, version, file, operation);
  for (const one of data.files) {
    await requireNoModel(context.root, withTrail, one.file).catch((error: unknown) => {
      throw TrailError.is(error, 'refused') ? ofAnother(version, one, error) : error;
    });
  }
  return { version, ...data };
}

function ofAnother(version: Version, { name, file }: DataFileToSave, cause: TrailError): TrailError {
  return new TrailError(
    'refused',
    l10n.t(
      '{0} of {1} has its weights in {2}, which is of a model in {3}. Save it in another folder.',
      versionName(version),
      version.model,
      name,
      path.dirname(file),
    ),
    { cause },
  );
}

function alreadyThere(version: Version, files: readonly DataFileToSave[]): TrailError {
  return new TrailError(
    'refused',
    l10n.t(
      '{0} of {1} has its weights in files beside it, where there are others already: {2}. Save it in another folder.',
      versionName(version),
      version.model,
      displayNames(files.map(({ name }) => name)),
    ),
  );
}

/** What overwrites a model records it first; only rolling back does. @throws TrailError `refused` */
async function requireNoModel(own: string, withTrail: WithTrail, file: string): Promise<void> {
  const place = await realPlace(file);
  // In a folder that is yet to be made there is nothing to lose.
  if (place === undefined) return;
  for (const root of new Set([own, await findRoot(path.dirname(place))])) {
    const model = await withTrail(root, (context) => modelAt(context, place)).catch((error: unknown) => {
      // What models there are in a folder that nobody opened is not known.
      if (TrailError.is(error, 'usage')) return undefined;
      throw error;
    });
    if (model === undefined) continue;
    const name = path.basename(file);
    throw new TrailError(
      'refused',
      path.resolve(root, model) === place
        ? l10n.t('{0} is a model itself. Roll it back instead, or choose another name.', name)
        : l10n.t('{0} would be a file of the model {1}. Choose a name outside its folder.', name, model),
    );
  }
}

/** A path as the disk has it, with no link on the way to it: a link itself is what is replaced. */
async function realPlace(file: string): Promise<string | undefined> {
  const stats = await lstat(file).catch(() => undefined);
  if (stats && !stats.isSymbolicLink()) return realpath(file);
  const folder = await realpath(path.dirname(file)).catch(() => undefined);
  return folder && path.join(folder, path.basename(file));
}

/** The model that is there, or that what is there belongs to; also one that came since somebody last looked at the folder. */
async function modelAt(
  { root, catalogue, settings }: TrailContext,
  place: string,
): Promise<ModelPath | undefined> {
  const inner = path.relative(root, place).replaceAll(path.sep, '/');
  const isIn = (model: ModelPath): boolean =>
    inner.startsWith(`${model}/`) &&
    inner
      .slice(model.length + 1)
      .split('/')
      .every(isPartOfModel);
  const known = catalogue.models().find((model) => inner === model || isIn(model));
  const isWithin = inner.split('/')[0] !== '..' && !path.isAbsolute(inner);
  return known ?? (isWithin ? modelThere(root, inner, { ...settings, looksLikeModel }) : undefined);
}
