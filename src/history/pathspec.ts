/** Globs as Git's pathspecs, relative to the folder that Git runs in. Git has no braces, so `*.{pt,pth}` becomes two. */
export function pathspecs(globs: readonly string[]): string[] {
  return globs.flatMap(expandBraces).map((glob) => `:(icase,glob)${glob}`);
}

function expandBraces(glob: string): string[] {
  // The innermost braces first.
  const [whole, choices] = /\{([^{}]*)\}/.exec(glob) ?? [];
  if (whole === undefined || choices === undefined) return [glob];
  return choices.split(',').flatMap((choice) => expandBraces(glob.replace(whole, () => choice)));
}
