import { Malformed } from './byteCursor.ts';
import type { Value } from './pickle/values.ts';

const maxDepth = 16;
const token =
  /\s*(?:([()[\]{},:])|([bru]*)'((?:[^'\\]|\\.)*)'|([bru]*)"((?:[^"\\]|\\.)*)"|(-?[\d.]+(?:e[+-]?\d+)?)L?|(\w+))/suy;

/** Reads a value as Python writes it: text, numbers, tuples, lists, dictionaries, True, False and None. @throws Malformed */
export function parsePythonLiteral(text: string): Value {
  const reader = new LiteralReader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

const words: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['True', true],
  ['False', false],
  ['None', null],
]);
const closings: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);

class LiteralReader {
  readonly #text: string;
  readonly #token = new RegExp(token.source, token.flags);

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): Value {
    const match = this.#next();
    const [, mark, , single, , double, number, word] = match;
    const quoted = single ?? double;
    if (quoted !== undefined) return quoted.replace(/\\(.)/gsu, '$1');
    if (number !== undefined && Number.isFinite(Number(number))) return Number(number);
    const known = word === undefined ? undefined : words.get(word);
    if (known !== undefined) return known;
    const closing = closings.get(mark ?? '');
    if (closing === undefined || depth === maxDepth) throw new Malformed();
    return this.#collection(closing, depth);
  }

  #collection(closing: string, depth: number): Value {
    const items: Value[] = [];
    let hasComma = false;
    while (!this.#takes(closing)) {
      if (items.length > 0 && !hasComma) throw new Malformed();
      items.push(this.value(depth + 1));
      if (closing === '}') {
        if (!this.#takes(':')) throw new Malformed();
        items.push(this.value(depth + 1));
      }
      hasComma = this.#takes(',');
    }
    if (closing === '}') return { kind: 'dict', entries: items };
    if (closing === ']') return { kind: 'list', items };
    // Parentheses around a single value are only that.
    return items.length === 1 && !hasComma ? (items[0] ?? null) : { kind: 'tuple', items };
  }

  end(): void {
    if (this.#text.slice(this.#token.lastIndex).trim() !== '') throw new Malformed();
  }

  #takes(mark: string): boolean {
    const before = this.#token.lastIndex;
    if (this.#token.exec(this.#text)?.[1] === mark) return true;
    this.#token.lastIndex = before;
    return false;
  }

  #next(): RegExpExecArray {
    const match = this.#token.exec(this.#text);
    if (!match) throw new Malformed();
    return match;
  }
}
