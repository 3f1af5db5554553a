import path from 'node:path';
import { bytesBelow } from '../files.ts';
import { type Place, repository, runner, type Tool } from './tool.ts';

/** @param cli the built command */
export function modeltrail({ folder, model }: Place, cli: string): Tool {
  repository(folder);
  const run = runner(process.execPath, folder);
  return {
    name: 'modeltrail',
    model: path.join(folder, model),
    keep: () => void run(cli, 'record', model, '-m', 'trained'),
    restore: (version) => void run(cli, 'rollback', `${model}@v${version}`, '--yes'),
    pack: () => void run(cli, 'pack'),
    stored: () => bytesBelow(path.join(folder, '.git/modeltrail')),
  };
}
