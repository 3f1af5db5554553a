import { lstat, realpath } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import type { ModelPath } from '../../core/facts.ts';
import { isPartOfModel } from '../../core/modelDirectories.ts';
import type { Operation } from '../../core/operation.ts';
import { modelThere } from '../../files/modelThere.ts';
import { replaceWithContent } from '../../files/safeWrite.ts';
import { looksLikeModel } from '../../formats/looksLikeModel.ts';
import type { VersionTarget } from '../api/targets.ts';
import { withContent } from '../contents/contents.ts';
import type { TrailContext, WithTrail } from '../context.ts';
import { saveDirectory } from './restoring.ts';
import { findRoot } from '../root.ts';

/** Writes a version's bytes, verified, to any file that is no model. @param file absolute */
export async function saveAs(
  context: TrailContext,
  withTrail: WithTrail,
  target: VersionTarget,
  file: string,
  operation: Operation,
): Promise<void> {
  if (!path.isAbsolute(file)) throw new TrailError('usage', l10n.t('{0} is not an absolute path.', file));
  const version = context.catalogue.version(target);
  await requireNoModel(context.root, withTrail, file);
  if (version.files !== undefined) return saveDirectory(context, version, file, operation);
  const { id, size, model } = version;
  await withContent(
    context,
    version,
    (content) => replaceWithContent(file, content, { id, size, model }, operation),
    operation,
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
