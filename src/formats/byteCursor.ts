import { throwIfCancelled } from '../core/operation.ts';
import type { RandomAccess } from './randomAccess.ts';

/** The content breaks the rules of its format, or would take too long to read. For readers among themselves: none lets it out. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

const smallestWindow = 4 * 1024;
const largestWindow = 64 * 1024;
/** What the structure of a file may take: the largest real ones are some ten megabytes. */
const maxLoaded = 256 * 2 ** 20;
const maxSteps = 10_000_000;

/**
 * Reads the structure of a file forward and in leaps, through a small window: it grows while it moves on, and starts small
 * again after a leap, so that what lies between is not read. Bounds what a hostile file can cost.
 */
export class ByteCursor {
  offset = 0;
  littleEndian = true;
  readonly size: number;
  readonly #access: RandomAccess;
  readonly #signal: AbortSignal | undefined;
  #view: DataView = new DataView(new ArrayBuffer(0));
  #start = 0;
  #windowSize = smallestWindow;
  #loaded = 0;
  #steps = 0;

  constructor(access: RandomAccess, signal?: AbortSignal) {
    this.#access = access;
    this.#signal = signal;
    this.size = access.size;
  }

  async u8(): Promise<number> {
    const at = this.#here(1) ?? (await this.#load(1));
    return this.#view.getUint8(at);
  }

  async u16(): Promise<number> {
    const at = this.#here(2) ?? (await this.#load(2));
    return this.#view.getUint16(at, this.littleEndian);
  }

  async u32(): Promise<number> {
    const at = this.#here(4) ?? (await this.#load(4));
    return this.#view.getUint32(at, this.littleEndian);
  }

  /** A length, a count or an offset. @throws Malformed when it is more than any file could hold */
  async u64(): Promise<number> {
    const at = this.#here(8) ?? (await this.#load(8));
    const value = Number(this.#view.getBigUint64(at, this.littleEndian));
    if (!Number.isSafeInteger(value)) throw new Malformed();
    return value;
  }

  /** A protocol buffer's number; 64 bits, so that -1 is 2^64 - 1. @throws Malformed when it has more than ten bytes */
  async varint(): Promise<bigint> {
    const most = Math.min(10, this.size - this.offset);
    const at = this.#here(most) ?? (await this.#load(most));
    let low = 0;
    let high = 0n;
    for (let place = 0; place < most; place++) {
      const byte = this.#view.getUint8(at + place);
      // Four bytes are 28 bits, which the bit operations of numbers hold.
      if (place < 4) low |= (byte & 0x7f) << (7 * place);
      else high |= BigInt(byte & 0x7f) << BigInt(7 * place);
      if (byte >= 0x80) continue;
      this.offset -= most - place - 1;
      return BigInt.asUintN(64, high | BigInt(low));
    }
    throw new Malformed();
  }

  /** A copy. @throws Malformed when there are more than `max` */
  async bytes(length: number, max: number): Promise<Uint8Array> {
    if (length > max) throw new Malformed();
    const at = this.#here(length) ?? (await this.#load(length));
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + at, length).slice();
  }

  async text(length: number, max: number): Promise<string> {
    return new TextDecoder().decode(await this.bytes(length, max));
  }

  skip(length: number): void {
    this.moveTo(this.offset + length);
  }

  moveTo(offset: number): void {
    if (!(offset >= 0 && offset <= this.size)) throw new Malformed();
    this.offset = offset;
  }

  /** Moves on by `length` bytes. @returns where in the window they are; undefined when they are to be loaded first */
  #here(length: number): number | undefined {
    if (++this.#steps > maxSteps || length > this.size - this.offset) throw new Malformed();
    const at = this.offset - this.#start;
    if (at < 0 || at + length > this.#view.byteLength) return undefined;
    this.offset += length;
    return at;
  }

  /** Moves the window to the cursor, and the cursor on. @returns 0, where in the window the bytes are then */
  async #load(length: number): Promise<number> {
    if (this.#signal) throwIfCancelled({ signal: this.#signal });
    const gap = this.offset - (this.#start + this.#view.byteLength);
    const moveOn = gap <= 0 && gap > -this.#windowSize;
    this.#windowSize = moveOn ? Math.min(largestWindow, 2 * this.#windowSize) : smallestWindow;
    const count = Math.min(Math.max(length, this.#windowSize), this.size - this.offset);
    this.#loaded += count;
    if (this.#loaded > maxLoaded) throw new Malformed();
    const bytes = await this.#access.read(this.offset, count);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#start = this.offset;
    this.offset += length;
    return 0;
  }
}
