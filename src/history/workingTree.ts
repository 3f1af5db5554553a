import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TrailError } from '../core/errors.ts';
import { unattended } from '../core/operation.ts';
import { hashFile } from '../files/hash.ts';
import { BlobReader } from './blobs.ts';
import type { GitProgram } from './environment.ts';
import { maxPointerBytes, parsePointer } from './lfs.ts';

export interface WorkingTreeState {
  /** Absent before the first commit. */
  readonly commit?: string;
  /** Absent when HEAD is detached. */
  readonly branch?: string;
  /** Whether tracked files differ from the commit. */
  readonly dirty: boolean;
  /** By its new path, the old one of each file that the index has moved and the commit has not. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** What `git status` is asked for; it says of each changed file which blob the index has. */
export const statusCommand = [
  'status',
  '--porcelain=v2',
  '--branch',
  '--no-ahead-behind',
  '-z',
  '--untracked-files=no',
  '--ignore-submodules=dirty',
  // Those that are exact: to find others, Git would read the models.
  '--find-renames=100%',
] as const;

/** @param status what Git answered */
export async function readState(git: GitProgram, status: string): Promise<WorkingTreeState> {
  const entries = status.split('\0').filter((entry) => entry !== '');
  const header = (name: string): string | undefined => {
    const start = `# branch.${name} `;
    return entries.find((entry) => entry.startsWith(start))?.slice(start.length);
  };
  const [commit, branch] = [header('oid'), header('head')];
  return {
    commit: commit === '(initial)' ? undefined : commit,
    branch: branch === '(detached)' ? undefined : branch,
    dirty: await isChanged(
      git,
      entries.filter((entry) => !entry.startsWith('#')),
    ),
    renamed: renamesIn(entries),
  };
}

function renamesIn(entries: readonly string[]): Map<string, string> {
  const renamed = new Map<string, string>();
  for (const [index, entry] of entries.entries()) {
    // 2 XY sub mH mI mW hH hI X100 path, and behind that the path before
    const [, path] = /^2 R. N\.\.\. (?:\S+ ){6}(.*)$/s.exec(entry) ?? [];
    const from = entries[index + 1];
    if (path !== undefined && from !== undefined) renamed.set(path, from);
  }
  return renamed;
}

/**
 * Whether any of the changes that the status lists is one. With its filter off, a file in Git LFS that was touched looks changed: its
 * bytes are compared with the pointer here, without the copy that Git LFS would make of them.
 */
async function isChanged(git: GitProgram, entries: readonly string[]): Promise<boolean> {
  const touched: { path: string; blob: string }[] = [];
  for (const entry of entries) {
    // 1 XY sub mH mI mW hH hI path
    const [, blob, path] = /^1 \.M N\.\.\. (?:\S+ ){4}(\S+) (.*)$/s.exec(entry) ?? [];
    if (blob === undefined || path === undefined) return true;
    touched.push({ path, blob });
  }
  const reader = new BlobReader(git);
  try {
    for (const { path, blob } of touched) {
      const pointer = parsePointer((await reader.small(blob, maxPointerBytes)) ?? new Uint8Array());
      if (!pointer || !(await holds(join(git.topLevel, path), pointer))) return true;
    }
    return false;
  } finally {
    reader.dispose();
  }
}

async function holds(file: string, content: { id: string; size: number }): Promise<boolean> {
  try {
    if ((await stat(file)).size !== content.size) return false;
    return (await hashFile(file, unattended, file)).id === content.id;
  } catch (error) {
    if (TrailError.is(error, 'cancelled')) throw error;
    return false;
  }
}
