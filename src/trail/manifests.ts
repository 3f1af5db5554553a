import path from 'node:path';
import type { Operation } from '../core/operation.ts';
import { describeModel, readText } from '../formats/describe.ts';
import { formatLabel } from '../formats/formatNames.ts';
import { manifestText } from '../formats/manifest.ts';
import { type ClosableAccess, fileAccess, prefixAccess } from '../formats/randomAccess.ts';
import { hashFile } from '../files/hash.ts';
import { stampOf } from '../files/stamp.ts';
import type { Target } from './api.ts';
import { locateOrFail } from './contents.ts';
import type { TrailContext } from './context.ts';
import { absolutePath } from './paths.ts';

interface Side {
  readonly access: ClosableAccess;
  readonly sha256: string;
}

/** The text that stands for a version or the working copy in a text diff: a text model itself, a manifest of any other. */
export async function manifest(context: TrailContext, target: Target, operation: Operation): Promise<string> {
  const name = path.posix.basename(target.model);
  const { access, sha256 } = await openSide(context, target, operation);
  try {
    const { format, summary, isText } = await describeModel(access, name, operation.signal);
    if (isText) return await readText(access);
    return manifestText(summary, {
      name: target.model,
      format: formatLabel(format),
      size: access.size,
      sha256,
    });
  } finally {
    await access.close();
  }
}

async function openSide(
  context: TrailContext,
  { model, version: id }: Target,
  operation: Operation,
): Promise<Side> {
  if (id !== undefined) {
    const version = context.catalogue.version({ model, version: id });
    const place = await locateOrFail(context, version);
    return { access: prefixAccess(place.open(), version.size), sha256: id };
  }
  const file = absolutePath(context.root, model);
  const known = context.stamps.contentOf(model, await stampOf(file));
  if (known) return { access: await fileAccess(file), sha256: known };
  const hashed = await hashFile(file, operation, model);
  context.stamps.remember(model, hashed.stamp, hashed.id);
  return { access: await fileAccess(file), sha256: hashed.id };
}
