import * as l10n from '@vscode/l10n';
import { TrailError } from './errors.ts';

/** A word of a filter, which spaces part from others unless they are in quotes. */
export interface FilterWord {
  /** As somebody wrote it. */
  readonly written: string;
  /** Without the quotes. */
  readonly text: string;
  /** The same, character by character, with a NUL for each that was in quotes: what is there means nothing but itself. */
  readonly bare: string;
}

/** @throws TrailError `usage` */
export function filterWords(filter: string): FilterWord[] {
  return [...filter.matchAll(/(?:"[^"]*"?|[^\s"])+/g)].map(([written]) => {
    let [text, bare] = ['', ''];
    for (const [piece] of written.matchAll(/"[^"]*"?|[^"]+/g)) {
      const quoted = /^"([^"]*)("?)$/.exec(piece);
      if (quoted?.[2] === '') throw unclosed(piece);
      const inner = quoted?.[1];
      text += inner ?? piece;
      bare += inner === undefined ? piece : '\0'.repeat(inner.length);
    }
    return { written, text, bare };
  });
}

function unclosed(piece: string): TrailError {
  return new TrailError('usage', l10n.t('After {0} a quote is missing that closes it.', piece));
}
