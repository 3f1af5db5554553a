import path from 'node:path';
import { bytesBelow } from '../files.ts';
import { versionOf } from '../machine.ts';
import { type Place, repository, sync, type Tool } from './tool.ts';

/** Undefined when it is not installed. */
export function gitLfs({ folder, model }: Place): Tool | undefined {
  if (versionOf('git-lfs', 'version') === undefined) return undefined;
  const git = repository(folder);
  git('lfs', 'install', '--local');
  git('lfs', 'track', model);
  git('add', '.');
  git('commit', '--quiet', '--message', 'track');
  let kept = 0;
  return {
    name: 'git lfs',
    model: path.join(folder, model),
    keep() {
      git('add', model);
      git('commit', '--quiet', '--message', 'trained');
      sync(folder);
      kept++;
    },
    restore(version) {
      git('checkout', '--quiet', `HEAD~${kept - version}`, '--', model);
      sync(folder);
    },
    stored: () => bytesBelow(path.join(folder, '.git/lfs/objects')),
  };
}
