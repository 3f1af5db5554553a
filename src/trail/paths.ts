import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import type { ModelPath } from '../core/facts.ts';

/** The absolute path of a model. Model paths come from the journal too, so one that leaves the trail is refused. */
export function absolutePath(root: string, model: ModelPath): string {
  const absolute = path.resolve(root, model);
  const relative = path.relative(root, absolute);
  if (relative === '') {
    throw new TrailError(
      'refused',
      l10n.t('{0} holds the trail, and so is no model itself. Name a file or a folder in it.', root),
    );
  }
  if (relative.split(path.sep)[0] === '..' || path.isAbsolute(relative)) {
    throw new TrailError('refused', l10n.t('{0} is outside the folder {1}.', model, root));
  }
  return absolute;
}
