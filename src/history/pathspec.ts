import { posix } from 'node:path';

/** Git compares every name with every pathspec, and Windows takes no longer command line. */
const mostFolders = 64;

/** Globs as Git's pathspecs, relative to the folder that Git runs in. Git has no braces, so `*.{pt,pth}` becomes two. */
export function pathspecs(globs: readonly string[]): string[] {
  return globs.flatMap(expandBraces).map((glob) => `:(icase,glob)${glob}`);
}

/** Pathspecs for what is in some folders. Of many, those furthest down are looked for in the ones around them: more is found then. */
export function folderPathspecs(folders: readonly string[]): string[] {
  let covering = new Set(folders);
  while (covering.size > mostFolders) {
    const deepest = [...covering].reduce((most, folder) => Math.max(most, depthOf(folder)), 0);
    const upper = [...covering].map((folder) =>
      depthOf(folder) === deepest ? posix.dirname(folder) : folder,
    );
    covering = new Set(upper);
  }
  return [...covering].map((folder) => `:(literal)${folder}`);
}

function depthOf(folder: string): number {
  return folder === '.' ? 0 : folder.split('/').length;
}

function expandBraces(glob: string): string[] {
  // The innermost braces first.
  const [whole, choices] = /\{([^{}]*)\}/.exec(glob) ?? [];
  if (whole === undefined || choices === undefined) return [glob];
  return choices.split(',').flatMap((choice) => expandBraces(glob.replace(whole, () => choice)));
}
