import { cutOff, type ByteStream } from '../byteStream.ts';

/** Compressed bytes through a window: to decode without waiting for each, taking is immediate, and may only follow `need` or `want`. */
export class PackedInput {
  readonly #stream: ByteStream;
  window = new Uint8Array(0);
  /** Of the next byte, in the window. */
  at = 0;
  #ended = false;

  constructor(stream: ByteStream) {
    this.#stream = stream;
  }

  get available(): number {
    return this.window.length - this.at;
  }

  /** Loads so many bytes, or all that are left. */
  async want(count: number): Promise<void> {
    if (this.available >= count || this.#ended) return;
    const parts: Uint8Array[] = [this.window.subarray(this.at)];
    let length = this.available;
    while (length < count && !this.#ended) {
      const bytes = await this.#stream.next();
      if (bytes) {
        parts.push(bytes);
        length += bytes.length;
      } else this.#ended = true;
    }
    this.window = Buffer.concat(parts);
    this.at = 0;
  }

  /** @throws Malformed when the stream ends before */
  async need(count: number): Promise<void> {
    await this.want(count);
    if (this.available < count) throw cutOff();
  }

  async atEnd(): Promise<boolean> {
    await this.want(1);
    return this.available === 0;
  }

  u8(): number {
    return this.window[this.at++] ?? 0;
  }

  u16be(): number {
    return (this.u8() << 8) | this.u8();
  }

  u32(): number {
    return (this.u8() | (this.u8() << 8) | (this.u8() << 16) | (this.u8() << 24)) >>> 0;
  }

  /** Valid until the next `need`. */
  bytes(count: number): Uint8Array {
    this.at += count;
    return this.window.subarray(this.at - count, this.at);
  }

  skip(count: number): void {
    this.at += count;
  }
}
