import { stripVTControlCharacters, styleText } from 'node:util';
import type { DeltaVerdict } from '../core/compare.ts';

type Format = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'magenta';

/** Marks a piece of text; whether it is shown in colour is decided where it is written. */
export function styled(format: Format | readonly Format[], text: string): string {
  // Without the option newer Nodes look at this process's stdout, which need not be where the text goes.
  return text === '' ? '' : styleText(format as Format, text, { validateStream: false });
}

/** A change of a metric, green where it is for the better. */
export function verdictStyled(verdict: DeltaVerdict, text: string): string {
  if (verdict === 'better') return styled('green', text);
  return verdict === 'worse' ? styled('red', text) : text;
}

/**
 * A text fit for a terminal or a file. Names and messages come from files and from Git, so control characters in them, which
 * could move the cursor or retitle the window, are replaced; our own styling stays where colours are wanted.
 */
export function printable(text: string, colours: boolean): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  const controls = /(\x1B\[[\d;]*m)|[\x00-\x08\x0B-\x1F\x7F-\x9F]/g;
  const kept = text.replace(controls, (_, sgr: string | undefined) => sgr ?? '\uFFFD');
  return colours ? kept : stripVTControlCharacters(kept);
}

export function wantsColours(output: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv): boolean {
  return output.isTTY === true && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
}
