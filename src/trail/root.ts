import { existsSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { systemCode, TrailError } from '../core/errors.ts';

/** The folder at the top of a trail that keeps what is committed: journal and settings. */
export const trailFolder = '.modeltrail';

/** The nearest folder at or above `folder` that holds `.modeltrail/`, else the top of the Git working tree, else `folder` itself. */
export async function findRoot(folder: string): Promise<string> {
  const start = await realFolder(folder);
  return nearestWith(start, trailFolder) ?? nearestWith(start, '.git') ?? start;
}

/** The nearest folder at or above `start` that holds `name`. */
export function nearestWith(start: string, name: string): string | undefined {
  for (let folder = start; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, name))) return folder;
    if (folder === path.dirname(folder)) return undefined;
  }
}

async function realFolder(folder: string): Promise<string> {
  try {
    const real = await realpath(folder);
    if ((await stat(real)).isDirectory()) return real;
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') {
      throw new TrailError('io', l10n.t('Cannot open the folder {0}: {1}', folder, systemCode(error) ?? ''), {
        cause: error,
      });
    }
    throw new TrailError('notFound', l10n.t('There is no folder {0}.', folder), { cause: error });
  }
  throw new TrailError('usage', l10n.t('{0} is not a folder.', folder));
}

/** Where contents are kept: with the Git repository, so that branches and worktrees share them, else inside the trail. */
export function storeFolder(root: string, gitCommonDir: string | undefined): string {
  const own = path.join(root, trailFolder, 'store');
  // A trail that began outside Git keeps its store when Git comes later.
  if (gitCommonDir === undefined || existsSync(path.join(own, 'objects'))) return own;
  return path.join(gitCommonDir, 'modeltrail');
}
