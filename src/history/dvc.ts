import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Git } from './git.ts';

/** DVC names contents by their MD5, which is no identity here: what is found by it must still be compared. */
type Md5 = string;

/** The folder that marks the top of a DVC project. */
export const dvcFolder = '.dvc';

/** Longer histories of one file are not looked through. */
const mostCommits = 1000;

/** What a file's `.dvc` file names, now and in the commits of any branch; the newest first. @throws TrailError `io`, `cancelled` */
export async function dvcContents(
  file: string,
  git: Git | undefined,
  signal: AbortSignal,
): Promise<readonly Md5[]> {
  const pointer = `${file}.dvc`;
  const now = await readFile(pointer, 'utf8').catch(() => '');
  const changes = git ? await changesOf(git, pointer, signal) : '';
  return [...new Set([...md5sIn(now), ...md5sIn(changes)])];
}

async function changesOf(git: Git, file: string, signal: AbortSignal): Promise<string> {
  const below = path.relative(git.topLevel, file).split(path.sep).join('/');
  if (below.startsWith('../') || path.isAbsolute(below)) return '';
  const plain = ['--no-color', '--no-ext-diff', '--no-textconv', '--unified=0'];
  const pathspec = `:(top,literal)${below}`;
  const patches = ['log', '--all', '--format=', `-${mostCommits}`, '--patch', ...plain];
  return git.run([...patches, '--', pathspec], signal);
}

/** Hashes of files in a `.dvc` file or a patch of one; those of folders end in `.dir`. */
function md5sIn(text: string): readonly Md5[] {
  return [...text.matchAll(/^[-+ ]*md5: ([0-9a-f]{32})\r?$/gm)].map(([, md5 = '']) => md5);
}

/** Where DVC 3 and earlier ones keep a content in the cache of a project. */
export async function dvcCacheFiles(project: string, md5: Md5): Promise<readonly string[]> {
  const cache = await cacheFolder(path.join(project, dvcFolder));
  const name = path.join(md5.slice(0, 2), md5.slice(2));
  return [path.join(cache, 'files', 'md5', name), path.join(cache, name)];
}

/** The setting of this machine is stronger than that of the project; both are relative to the folder that they are in. */
async function cacheFolder(folder: string): Promise<string> {
  for (const name of ['config.local', 'config']) {
    const set = cacheSetting(await readFile(path.join(folder, name), 'utf8').catch(() => ''));
    if (set !== undefined) return path.resolve(folder, set);
  }
  return path.join(folder, 'cache');
}

function cacheSetting(text: string): string | undefined {
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    section = /^\s*\[\s*(.+?)\s*\]/.exec(line)?.[1] ?? section;
    const value = /^\s*dir\s*=\s*(.+?)\s*$/.exec(line)?.[1];
    if (section === 'cache' && value !== undefined) return value;
  }
  return undefined;
}
