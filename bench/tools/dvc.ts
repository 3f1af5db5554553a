import path from 'node:path';
import { bytesBelow } from '../files.ts';
import { versionOf } from '../machine.ts';
import { type Place, repository, runner, sync, type Tool } from './tool.ts';

/** The program of `MODELTRAIL_BENCH_DVC`, else the one that is installed; undefined when there is none. */
export function dvc({ folder, model }: Place): Tool | undefined {
  const program = process.env['MODELTRAIL_BENCH_DVC'] ?? 'dvc';
  if (versionOf(program, '--version') === undefined) return undefined;
  const git = repository(folder);
  const run = runner(program, folder, { DVC_NO_ANALYTICS: '1' });
  run('init', '--quiet');
  run('config', 'core.check_update', 'false');
  git('add', '.');
  git('commit', '--quiet', '--message', 'init');
  let kept = 0;
  return {
    name: 'dvc',
    model: path.join(folder, model),
    keep() {
      run('add', '--quiet', model);
      git('add', '.');
      git('commit', '--quiet', '--message', 'trained');
      sync(folder);
      kept++;
    },
    restore(version) {
      git('checkout', '--quiet', `HEAD~${kept - version}`, '--', `${model}.dvc`);
      run('checkout', '--quiet', model);
      sync(folder);
    },
    stored: () => bytesBelow(path.join(folder, '.dvc/cache')),
  };
}
