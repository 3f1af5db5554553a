import { stat } from 'node:fs/promises';
import path from 'node:path';
import { TrailError } from '../../core/errors.ts';
import type { Operation } from '../../core/operation.ts';
import type { Version } from '../../core/versions.ts';
import { hashFile } from '../../files/hash.ts';
import { stampOf } from '../../files/stamp.ts';
import { dvcCacheFiles, dvcContents, dvcFolder } from '../../history/dvc.ts';
import type { TrailContext } from '../context.ts';
import { absolutePath } from '../paths.ts';
import { nearestWith } from '../root.ts';

/** The file in DVC's cache that has the bytes of a version. Those of its size are read once, for only their SHA-256 tells. */
export async function dvcCopy(
  context: TrailContext,
  { id, model, size }: Pick<Version, 'id' | 'model' | 'size'>,
  operation: Operation,
): Promise<string | undefined> {
  if (!context.settings.trusted) return undefined;
  const file = absolutePath(context.root, model);
  const project = nearestWith(path.dirname(file), dvcFolder);
  if (project === undefined) return undefined;
  for (const md5 of await dvcContents(file, context.git, operation.signal)) {
    for (const copy of await dvcCacheFiles(project, md5)) {
      const stats = await stat(copy).catch(() => undefined);
      if (!stats?.isFile() || stats.size !== size) continue;
      if ((await contentOfCopy(context, copy, model, operation)) === id) return copy;
    }
  }
  return undefined;
}

/** Undefined when it cannot be read. */
async function contentOfCopy(
  { stamps }: TrailContext,
  file: string,
  model: string,
  operation: Operation,
): Promise<string | undefined> {
  try {
    const known = stamps.contentOf(file, await stampOf(file));
    if (known) return known;
    const { id, stamp } = await hashFile(file, operation, model);
    stamps.remember(file, stamp, id);
    return id;
  } catch (error) {
    if (TrailError.is(error, 'cancelled') || !TrailError.is(error)) throw error;
    return undefined;
  }
}
