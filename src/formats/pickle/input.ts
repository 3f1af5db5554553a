import { cutOff, type ByteStream } from '../byteStream.ts';
import { Malformed } from '../byteCursor.ts';
import type { StoragePlace } from '../tensorStorage.ts';

/** As long as the text of a protocol 0 pickle may be on one line. */
const maxLine = 16 * 2 ** 20;

/** The nodes of a thousand-leaf tree. */
const maxKept = 128 * 2 ** 10;
const maxKeptInAll = 16 * 2 ** 20;
export const keptHead = 1024;

/**
 * The bytes of a pickle through a window. To read millions of small instructions without waiting for each, taking is immediate, and may
 * only follow `has` or `need`.
 */
export class PickleInput {
  readonly #stream: ByteStream;
  #window: Buffer = Buffer.alloc(0);
  #at = 0;
  /** Of the window's beginning, in the stream. */
  #start = 0;
  #kept = 0;

  constructor(stream: ByteStream) {
    this.#stream = stream;
  }

  /** In the stream. */
  get position(): number {
    return this.#start + this.#at;
  }

  /** In the file, if the bytes lie there as they are. */
  fileOffset(position: number): number | undefined {
    return this.#stream.start === undefined ? undefined : this.#stream.start + position;
  }

  /** Where bytes of the stream are. */
  place(offset: number, length: number): StoragePlace | undefined {
    return this.#stream.place?.(offset, length);
  }

  has(count: number): boolean {
    return this.#at + count <= this.#window.length;
  }

  /** @throws Malformed when the stream ends before */
  async need(count: number): Promise<void> {
    if (!this.has(count) && !(await this.#load(count))) throw cutOff();
  }

  async atEnd(): Promise<boolean> {
    return !this.has(1) && !(await this.#load(1));
  }

  u8(): number {
    return this.#window.readUInt8(this.#move(1));
  }

  u16(): number {
    return this.#window.readUInt16LE(this.#move(2));
  }

  u32(): number {
    return this.#window.readUInt32LE(this.#move(4));
  }

  i32(): number {
    return this.#window.readInt32LE(this.#move(4));
  }

  /** A length. @throws Malformed when it is more than any file could hold */
  u64(): number {
    const value = Number(this.#window.readBigUInt64LE(this.#move(8)));
    if (!Number.isSafeInteger(value)) throw new Malformed();
    return value;
  }

  f64(): number {
    return this.#window.readDoubleBE(this.#move(8));
  }

  /** Valid until the next `need`. */
  bytes(count: number): Buffer {
    const at = this.#move(count);
    return this.#window.subarray(at, at + count);
  }

  hasLines(count: number): boolean {
    let at = this.#at;
    for (let found = 0; found < count; found++) {
      at = this.#window.indexOf(0x0a, at) + 1;
      if (at === 0) return false;
    }
    return true;
  }

  async needLines(count: number): Promise<void> {
    while (!this.hasLines(count)) {
      const length = this.#window.length - this.#at;
      if (length > maxLine) throw new Malformed();
      await this.need(2 * length + 1);
    }
  }

  /** The text up to the next line feed, which it passes. */
  line(): string {
    const end = this.#window.indexOf(0x0a, this.#at);
    const text = this.#window.toString('latin1', this.#at, end);
    this.#at = end + 1;
    return text;
  }

  /** How many of so many bytes to keep: all of a few, of more the beginning. */
  keep(length: number): number {
    const all = length <= maxKept && this.#kept + length <= maxKeptInAll;
    if (all) this.#kept += length;
    return all ? length : Math.min(length, keptHead);
  }

  /** Passes over what is not wanted, without reading it where the stream can. */
  async skip(count: number): Promise<void> {
    const inWindow = Math.min(count, this.#window.length - this.#at);
    this.#at += inWindow;
    if (count === inWindow) return;
    await this.#stream.skip(count - inWindow);
    this.#start += this.#window.length + count - inWindow;
    this.#window = Buffer.alloc(0);
    this.#at = 0;
  }

  #move(count: number): number {
    const at = this.#at;
    this.#at += count;
    return at;
  }

  async #load(count: number): Promise<boolean> {
    const parts: Uint8Array[] = [this.#window.subarray(this.#at)];
    let length = this.#window.length - this.#at;
    let ended = false;
    while (length < count && !ended) {
      const bytes = await this.#stream.next();
      if (bytes) {
        parts.push(bytes);
        length += bytes.length;
      } else ended = true;
    }
    this.#start += this.#at;
    this.#at = 0;
    this.#window = Buffer.concat(parts);
    return length >= count;
  }
}
