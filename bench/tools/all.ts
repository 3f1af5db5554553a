import path from 'node:path';
import { borg, restic } from './backups.ts';
import { dvc } from './dvc.ts';
import { gitLfs } from './gitLfs.ts';
import { modeltrail } from './modeltrail.ts';
import type { Tool } from './tool.ts';

/** Every tool that is installed, each in a folder of its own. */
export function toolsIn(folder: string, model: string, cli: string): readonly Tool[] {
  const place = (name: string) => ({ folder: path.join(folder, name), model });
  return [
    modeltrail(place('modeltrail'), cli),
    gitLfs(place('lfs')),
    dvc(place('dvc')),
    restic(place('restic')),
    borg(place('borg')),
  ].filter((tool) => tool !== undefined);
}
