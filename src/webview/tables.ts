// What tables are filtered and sorted by.

/** Names in their order, with numbers in them as numbers. */
export const inNumbers = new Intl.Collator('en', { numeric: true });

/** Whether a text has all words of a filter in it, in any case; undefined where there are none. */
export function matcherOf(filter: string): ((text: string) => boolean) | undefined {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return undefined;
  return (text) => {
    const lower = text.toLowerCase();
    return words.every((word) => lower.includes(word));
  };
}

/** 0 if none is larger. Not `Math.max(...values)`: models have more features than a call can have arguments. */
export function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}
