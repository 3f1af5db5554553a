import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { bytesBelow } from './files.ts';
import { versionOf } from './machine.ts';

/** Something that keeps versions of a model file in a folder, as a person would use it: each step is a whole command. */
export interface Tool {
  readonly name: 'modeltrail' | 'git lfs';
  readonly model: string;
  /** Until the version is on the disk. */
  keep(message: string): void;
  /** Puts the first version back where there is no file now, until it is on the disk. */
  restoreFirst(): void;
  /** Bytes that it takes to keep all versions. */
  stored(): number;
}

export function modeltrail(folder: string, cli: string): Tool {
  const { git } = repository(folder);
  const run = (...args: string[]): void =>
    void execFileSync(process.execPath, [cli, '-C', folder, ...args], { stdio: 'pipe' });
  git('commit', '--quiet', '--allow-empty', '--message', 'start');
  return {
    name: 'modeltrail',
    model: path.join(folder, 'model.pt'),
    keep: (message) => run('record', path.join(folder, 'model.pt'), '-m', message),
    restoreFirst: () => run('rollback', 'model.pt@v1', '--yes'),
    stored: () => bytesBelow(path.join(folder, '.git/modeltrail')),
  };
}

/** Undefined when it is not installed. */
export function gitLfs(folder: string): Tool | undefined {
  if (versionOf('git-lfs', 'version') === undefined) return undefined;
  const { git } = repository(folder);
  git('lfs', 'install', '--local');
  git('lfs', 'track', '*.pt');
  git('add', '.');
  git('commit', '--quiet', '--message', 'start');
  const model = path.join(folder, 'model.pt');
  return {
    name: 'git lfs',
    model,
    keep(message) {
      git('add', 'model.pt');
      git('commit', '--quiet', '--message', message);
      sync(folder);
    },
    restoreFirst() {
      git('checkout', '--quiet', 'HEAD~1', '--', 'model.pt');
      sync(folder);
    },
    stored: () => bytesBelow(path.join(folder, '.git/lfs/objects')),
  };
}

/** Writes to the disk what the file system still holds back. */
export function sync(folder: string): void {
  // Elsewhere than on Linux it knows only all file systems at once.
  execFileSync('sync', process.platform === 'linux' ? ['-f', folder] : []);
}

function repository(folder: string): { git(...args: string[]): void } {
  mkdirSync(folder, { recursive: true });
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const git = (...args: string[]): void =>
    void execFileSync('git', args, { cwd: folder, env, stdio: 'pipe' });
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'Ada Lovelace');
  git('config', 'user.email', 'ada@example.com');
  return { git };
}
