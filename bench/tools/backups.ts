import path from 'node:path';
import { bytesBelow } from '../files.ts';
import { versionOf } from '../machine.ts';
import { type Place, runner, sync, type Tool } from './tool.ts';

// Backup programs, which cut files by content as we do. Undefined when they are not installed.

export function restic({ folder, model }: Place): Tool | undefined {
  if (versionOf('restic', 'version') === undefined) return undefined;
  const store = path.join(folder, 'repository');
  const cache = path.join(folder, 'cache');
  const run = runner('restic', folder, {
    RESTIC_REPOSITORY: store,
    RESTIC_PASSWORD: 'bench',
    RESTIC_CACHE_DIR: cache,
  });
  run('init', '--quiet');
  let kept = 0;
  return {
    name: 'restic',
    model: path.join(folder, model),
    keep() {
      run('backup', '--quiet', '--tag', `v${++kept}`, model);
      sync(folder);
    },
    restore(version) {
      run('restore', '--quiet', '--tag', `v${version}`, '--target', '.', 'latest');
      sync(folder);
    },
    stored: () => bytesBelow(store),
  };
}

export function borg({ folder, model }: Place): Tool | undefined {
  if (versionOf('borg', '--version') === undefined) return undefined;
  const store = path.join(folder, 'repository');
  const run = runner('borg', folder, {
    BORG_BASE_DIR: path.join(folder, 'base'),
    BORG_RELOCATED_REPO_ACCESS_IS_OK: 'yes',
  });
  run('init', '--encryption', 'none', store);
  let kept = 0;
  return {
    name: 'borg',
    model: path.join(folder, model),
    keep() {
      run('create', `${store}::v${++kept}`, model);
      sync(folder);
    },
    restore(version) {
      run('extract', `${store}::v${version}`);
      sync(folder);
    },
    stored: () => bytesBelow(store),
  };
}
