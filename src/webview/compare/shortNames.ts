import type { CompareSnapshot } from './messages.ts';
import { shortened } from './shortened.ts';

/** Of the part of a model's name, in characters: more would leave room for few on an axis. */
const longest = 16;

/**
 * The names of versions, as short as tells them apart on an axis: of several models each has the part of its model's name that
 * the others do not share, and `v4` behind it where a model has several versions.
 */
export function shortNames({
  models,
  versions,
}: Pick<CompareSnapshot, 'models' | 'versions'>): readonly string[] {
  if (models.length < 2) return versions.map(({ name }) => name);
  const parts = differingParts(models.map(({ label }) => label));
  return versions.map(({ name, model }) => {
    const part = shortened(parts[model] ?? '', longest);
    return versions.length > models.length ? `${part} ${name}` : part;
  });
}

/** `001` and `002` of `epoch_001.safetensors` and `epoch_002.safetensors`: whole words, without the ending where it tells nothing. */
function differingParts(names: readonly string[]): readonly string[] {
  const stems = areDistinct(names.map(stemOf)) ? names.map(stemOf) : names;
  const words = stems.map((stem) => stem.split(/([\p{L}\p{N}]+(?:\.\p{N}+)*)/u));
  const spare = Math.min(...words.map(({ length }) => length)) - 1;
  const end = sharedCount(
    words.map((parts) => parts.toReversed()),
    spare,
  );
  const start = sharedCount(words, spare - end);
  const parts = words.map((parts) => trimmed(parts.slice(start, parts.length - end).join('')));
  return areDistinct(parts) ? parts : stems;
}

function stemOf(name: string): string {
  return name.replace(/(?<=[^/])\.\p{L}[\p{L}\p{N}]*$/u, '');
}

/** With how many words all begin. */
function sharedCount(words: readonly (readonly string[])[], most: number): number {
  let count = 0;
  while (count < most && new Set(words.map((parts) => parts[count])).size === 1) count++;
  return count;
}

function trimmed(text: string): string {
  return text.replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
}

function areDistinct(names: readonly string[]): boolean {
  return !names.includes('') && new Set(names).size === names.length;
}
