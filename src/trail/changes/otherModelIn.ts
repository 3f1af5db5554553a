import path from 'node:path';
import type { ModelPath } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import { seriesOf } from '../../core/series.ts';
import { walkModels } from '../../files/walk.ts';
import { looksLikeModel } from '../../formats/looksLikeModel.ts';
import type { TrailContext } from '../context.ts';

/**
 * Another model in a folder, with those in it, than one and what was made with it: its other formats and parts, and its series.
 * @param copies a folder in which one of its name is a copy of it
 */
export async function otherModelIn(
  { root, settings }: TrailContext,
  { folder, copies }: { readonly folder: string; readonly copies: string },
  model: ModelPath,
  { signal }: Operation,
): Promise<ModelPath | undefined> {
  const [from, copiesIn] = [folder, copies].map((name) =>
    path.relative(root, name).replaceAll(path.sep, '/'),
  );
  const { dir, name, base } = path.posix.parse(model);
  const options = { ...settings, from, looksLikeModel, report() {} };
  for await (const { path: found } of walkModels(root, options, signal)) {
    const other = path.posix.parse(found);
    const isMadeWith =
      other.dir === dir && (other.base.startsWith(`${name}.`) || seriesOf(other.base) === seriesOf(base));
    const isCopy = other.dir === copiesIn && other.base === base;
    if (found !== model && !isMadeWith && !isCopy) return found;
  }
  return undefined;
}
