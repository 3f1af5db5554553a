import type { Operation } from '../core/operation.ts';
import { replaceWithContent } from '../files/safeWrite.ts';
import type { VersionTarget } from './api/targets.ts';
import { withContent } from './contents.ts';
import type { TrailContext } from './context.ts';
import { saveDirectory } from './restoring.ts';

/** Writes a version's bytes, verified, to any file. */
export async function saveAs(
  context: TrailContext,
  target: VersionTarget,
  file: string,
  operation: Operation,
): Promise<void> {
  const version = context.catalogue.version(target);
  if (version.files !== undefined) return saveDirectory(context, version, file, operation);
  const { id, size, model } = version;
  await withContent(
    context,
    version,
    (content) => replaceWithContent(file, content, { id, size, model }, operation),
    operation,
  );
}
