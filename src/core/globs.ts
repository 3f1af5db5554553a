import picomatch from 'picomatch';

/** Tells of a path, with `/`, whether some glob matches it. */
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
    const [whole, star, names = '', below] = plain.exec(glob) ?? [];
    if (whole === undefined) others.push(glob);
    else
      expressions.push(
        (star ? '' : '(?:^|/)') + names.replaceAll('.', String.raw`\.`) + (below ? '(?:/|$)' : '$'),
      );
  }
  const simple = new RegExp(expressions.join('|') || '(?!)', nocase ? 'i' : '');
  const isOther = others.length === 0 ? () => false : picomatch(others, { dot: true, nocase });
  return (path) => simple.test(path) || isOther(path);
}
