import { realpath } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { systemCode, TrailError } from '../core/errors.ts';
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

/**
 * Before something is put at a model's path. The folders on the way may be links, which anybody can commit, with a journal that names a
 * model behind them: what they lead to must be in the trail, and not in Git's folder or its own.
 * @throws TrailError `refused`
 */
export async function requireInside(root: string, model: ModelPath): Promise<void> {
  const folder = path.dirname(absolutePath(root, model));
  const parts = path.relative(root, await realFolder(folder)).split(path.sep);
  if (parts[0] !== '..' && !path.isAbsolute(parts[0] ?? '') && !parts.some(isReserved)) return;
  throw new TrailError(
    'refused',
    l10n.t('{0} is behind a link that leads out of the folder {1}, so nothing is put there.', model, root),
  );
}

/** Whether a folder of this name is Git's or a trail's own. */
export function isReserved(name: string): boolean {
  return /^(\.git|\.modeltrail)$/i.test(name);
}

/** Where a folder is, or would be if it were made. @throws a system error when the disk says no */
export async function realFolder(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (error) {
    const parent = path.dirname(folder);
    if (parent === folder || !['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) throw error;
    return path.join(await realFolder(parent), path.basename(folder));
  }
}
