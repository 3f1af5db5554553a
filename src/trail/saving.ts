import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import type { Operation } from '../core/operation.ts';
import { replaceWithContent } from '../files/safeWrite.ts';
import type { VersionTarget } from './api/targets.ts';
import { withContent } from './contents.ts';
import type { TrailContext } from './context.ts';
import { saveDirectory } from './restoring.ts';

/** Writes a version's bytes, verified, to any file. @param file absolute */
export async function saveAs(
  context: TrailContext,
  target: VersionTarget,
  file: string,
  operation: Operation,
): Promise<void> {
  if (!path.isAbsolute(file)) throw new TrailError('usage', l10n.t('{0} is not an absolute path.', file));
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
