/**
 * Takes what stands in a tree of objects and lists, whatever it is written in. A path is made of keys with `/` between them, and `*` for
 * the items of a list.
 */
export interface ValueSink {
  /** Whether the value at a path is of interest; others are passed over. */
  wants(path: string): boolean;
  /** A text, a number or a word as it would be written in JSON. */
  text(path: string, text: string): void;
  /** A list of nothing but numbers; lists of objects are visited item by item. */
  numbers(path: string, numbers: readonly number[]): void;
  /** After the last member of an object. */
  end(path: string): void;
}

export function join(path: string, key: string): string {
  return path === '' ? key : `${path}/${key}`;
}

/** Objects and lists in objects and lists: those of real models are ten deep. */
export const maxDepth = 32;
/** Of numbers in one list: a tree of XGBoost has one of each kind for each node. */
export const maxNumbers = 10_000_000;
