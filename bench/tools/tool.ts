import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** Something that keeps versions of a model file in a folder, as a person would use it: each step is a whole command. */
export interface Tool {
  readonly name: ToolName;
  readonly model: string;
  /** Until the version is on the disk. */
  keep(): void;
  /** Puts a version back where there is no file now, until it is on the disk. Counted from 1. */
  restore(version: number): void;
  /** Stores what is kept in less space, where the tool leaves that for later. */
  pack?(): void;
  /** Bytes that it takes to keep all versions. */
  stored(): number;
}

export const toolNames = ['modeltrail', 'git lfs', 'dvc', 'restic', 'borg'] as const;
export type ToolName = (typeof toolNames)[number];

/** Where a tool works, and the name of the model in it. */
export interface Place {
  readonly folder: string;
  readonly model: string;
}

/** Writes to the disk what the file system still holds back. */
export function sync(folder: string): void {
  // Elsewhere than on Linux it knows only all file systems at once.
  execFileSync('sync', process.platform === 'linux' ? ['-f', folder] : []);
}

export type Run = (...args: string[]) => string;

/** Runs a program in a folder, with nothing of this machine's settings. */
export function runner(program: string, folder: string, environment: NodeJS.ProcessEnv = {}): Run {
  mkdirSync(folder, { recursive: true });
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', ...environment };
  return (...args) => execFileSync(program, args, { cwd: folder, env, stdio: 'pipe', encoding: 'utf8' });
}

/** Makes a repository with one commit. */
export function repository(folder: string): Run {
  const git = runner('git', folder);
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'Ada Lovelace');
  git('config', 'user.email', 'ada@example.com');
  git('commit', '--quiet', '--allow-empty', '--message', 'start');
  return git;
}
