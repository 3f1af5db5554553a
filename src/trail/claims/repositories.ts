import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import { commonDirOf } from '../../history/commonDir.ts';
import { Git } from '../../history/git.ts';
import { nearestWith } from '../root.ts';

/**
 * The repository whose branches may have a trail's journal; undefined when none is around.
 * @throws TrailError when Git does not say what is in it
 */
export async function repositoryOf(root: string, gitBinary: string | undefined): Promise<Git | undefined> {
  const top = nearestWith(root, '.git');
  if (top === undefined) return undefined;
  const git = await Git.find(root, gitBinary);
  const dotGit = path.join(top, '.git');
  // Where Git finds no working tree, the repository is a bare one, of which no branch is checked out here.
  if (git || (await commonDirOf(dotGit))) return git;
  throw new TrailError('damaged', l10n.t('{0} is damaged, or no repository: mend or remove it.', dotGit));
}
