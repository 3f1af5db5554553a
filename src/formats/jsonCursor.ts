/** JSON that is not what it should be, at an offset into the bytes. */
export class JsonError extends Error {
  readonly offset: number;

  constructor(offset: number) {
    super('not JSON');
    this.offset = offset;
  }
}

/** More members and items than the reader has patience for. */
export class JsonTooLong extends Error {}

/** As deep as the readers of Rust go. */
const maxDepth = 128;

const space = 0x20;
const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;
const colon = 0x3a;

/**
 * Reads JSON from bytes, value by value. Unlike JSON.parse it shows every duplicate key and every digit, knows where it
 * is, and builds nothing that its caller does not keep.
 */
export class JsonCursor {
  readonly #bytes: Buffer;
  /** Members and items that may still be read: a small item costs much more time than bytes. */
  #left: number;
  offset = 0;

  constructor(bytes: Uint8Array, maxItems: number) {
    this.#left = maxItems;
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  skipSpace(): void {
    let byte = this.#bytes[this.offset];
    while (byte === space || byte === 0x0a || byte === 0x0d || byte === 0x09)
      byte = this.#bytes[++this.offset];
  }

  get atEnd(): boolean {
    return this.offset >= this.#bytes.length;
  }

  /** What comes next, by its first character. */
  peek(): 'object' | 'array' | 'string' | 'number' | 'other' {
    this.skipSpace();
    const byte = this.#bytes[this.offset];
    if (byte === openBrace) return 'object';
    if (byte === openBracket) return 'array';
    if (byte === quote) return 'string';
    return byte !== undefined && (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) ? 'number' : 'other';
  }

  /** Reads an object; `member` must read the value that the cursor then stands at. */
  object(member: (key: string, keyOffset: number) => void): void {
    this.#items(openBrace, closeBrace, () => {
      this.skipSpace();
      const keyOffset = this.offset;
      const key = this.string();
      this.#expect(colon);
      member(key, keyOffset);
    });
  }

  /** Reads an array; `item` must read the value that the cursor then stands at. */
  array(item: () => void): void {
    this.#items(openBracket, closeBracket, item);
  }

  string(): string {
    this.#expect(quote);
    const start = this.offset;
    let plain = true;
    for (;;) {
      const byte = this.#bytes[this.offset];
      if (byte === undefined) throw new JsonError(start - 1);
      if (byte === quote) break;
      if (byte < space) throw new JsonError(this.offset);
      if (byte === backslash) {
        plain = false;
        this.offset++;
      }
      this.offset++;
    }
    const text = this.#bytes.toString('utf8', start, this.offset++);
    if (plain) return text;
    const value = unescaped(text);
    if (value === undefined) throw new JsonError(start);
    return value;
  }

  /** A number, as it is written. */
  number(): string {
    this.skipSpace();
    const start = this.offset;
    while (isNumberByte(this.#bytes[this.offset])) this.offset++;
    const text = this.#bytes.toString('latin1', start, this.offset);
    if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(text)) throw new JsonError(start);
    return text;
  }

  /** Passes over a value of any kind. */
  skipValue(depth = 0): void {
    if (depth > maxDepth) throw new JsonError(this.offset);
    switch (this.peek()) {
      case 'object':
        return this.object(() => this.skipValue(depth + 1));
      case 'array':
        return this.array(() => this.skipValue(depth + 1));
      case 'string':
        return void this.string();
      case 'number':
        return void this.number();
      case 'other':
        return this.#word();
    }
  }

  #items(open: number, close: number, item: () => void): void {
    this.#expect(open);
    this.skipSpace();
    if (this.#bytes[this.offset] === close) {
      this.offset++;
      return;
    }
    for (;;) {
      if (this.#left-- === 0) throw new JsonTooLong();
      item();
      this.skipSpace();
      const byte = this.#bytes[this.offset];
      if (byte !== comma && byte !== close) throw new JsonError(this.offset);
      this.offset++;
      if (byte === close) return;
    }
  }

  #expect(byte: number): void {
    this.skipSpace();
    if (this.#bytes[this.offset] !== byte) throw new JsonError(this.offset);
    this.offset++;
  }

  #word(): void {
    const word = ['true', 'false', 'null'].find(
      (text) => this.#bytes.toString('latin1', this.offset, this.offset + text.length) === text,
    );
    if (!word) throw new JsonError(this.offset);
    this.offset += word.length;
  }
}

function isNumberByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x2d ||
    byte === 0x2b ||
    byte === 0x2e ||
    (byte | 0x20) === 0x65
  );
}

/** Half of a surrogate pair is no text, though JSON.parse lets it pass. */
function unescaped(text: string): string | undefined {
  try {
    const value = JSON.parse(`"${text}"`) as string;
    return /\p{Cs}/u.test(value) ? undefined : value;
  } catch {
    return undefined;
  }
}
