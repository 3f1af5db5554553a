import { posix } from 'node:path';
import picomatch from 'picomatch';

/** Tells of a path, with `/`, whether it is meant. */
export type PathTest = (path: string) => boolean;

/** `**`, then perhaps a `*` with which a name begins, names without a meaning in globs, and perhaps all below. */
const plain = /^\*\*\/(\*?)([\w .-]+(?:\/[\w .-]+)*)(\/\*\*)?$/;

/**
 * Whether any of some globs matches, a leading dot like any other character. Of the globs that nearly all are, by an ending, a name or a
 * folder, one expression is made: in a folder of a million images each glob by itself would be asked of each of them.
 * @param nocase whether upper and lower case are the same
 */
export function anyOf(globs: readonly string[], { nocase }: { readonly nocase: boolean }): PathTest {
  const expressions: string[] = [];
  const others: string[] = [];
  for (const glob of globs) {
    const all = expandBraces(glob).map(expressionOf);
    if (all.includes(undefined)) others.push(glob);
    else expressions.push(...all.filter((one) => one !== undefined));
  }
  const simple = new RegExp(expressions.join('|') || '(?!)', nocase ? 'i' : '');
  const isOther = others.length === 0 ? () => false : picomatch(others, { dot: true, nocase });
  return (path) => simple.test(path) || isOther(path);
}

/** Whether a path is in any of some folders, or is one of them. */
export function insideAny(folders: readonly string[]): PathTest {
  const known = new Set(folders);
  return (path) => {
    for (let part = path; part !== '.'; part = posix.dirname(part)) if (known.has(part)) return true;
    return false;
  };
}

function expressionOf(glob: string): string | undefined {
  const [whole, star, names = '', below] = plain.exec(glob) ?? [];
  if (whole === undefined) return undefined;
  return (star ? '' : '(?:^|/)') + names.replaceAll('.', String.raw`\.`) + (below ? '(?:/|$)' : '$');
}

/** Into the globs that it stands for, the innermost braces first. What else braces can mean (`{1..3}`) stays. */
function expandBraces(glob: string): string[] {
  const [whole, choices] = /\{([^{}]*,[^{}]*)\}/.exec(glob) ?? [];
  if (whole === undefined || choices === undefined) return [glob];
  return choices.split(',').flatMap((choice) => expandBraces(glob.replace(whole, () => choice)));
}
