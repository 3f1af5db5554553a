import { Malformed } from '../byteCursor.ts';
import type { PackedInput } from './packedInput.ts';
import { half, RangeDecoder } from './rangeDecoder.ts';

/** What xz needs at its highest level; others are made by hand. */
const maxDictionary = 64 * 2 ** 20;
const smallestWindow = 2 ** 18;
/** More than any one symbol takes. */
const lookAhead = 64;
const pieceBytes = 2 ** 16;

/** Lengths of matches: three trees, by how long they are. */
interface Lengths {
  readonly choice: Uint16Array;
  readonly low: Uint16Array;
  readonly mid: Uint16Array;
  readonly high: Uint16Array;
}

/**
 * Decodes LZMA: literals and matches in what came before, by a range coder whose probabilities learn. What it decodes is taken from its
 * window by `take`, at the latest every 64 KiB.
 */
export class LzmaDecoder {
  readonly dictionary: number;
  readonly #window: Uint8Array;
  #at = 0;
  #taken = 0;
  /** Decoded since the dictionary was empty. */
  #total = 0;

  readonly #input: PackedInput;
  readonly #range: RangeDecoder;

  #lc = 0;
  #lpMask = 0;
  #pbMask = 0;
  #state = 0;
  readonly #reps = [0, 0, 0, 0];
  readonly #isMatch = new Uint16Array(12 * 16);
  readonly #isRep = new Uint16Array(12);
  readonly #isRep0 = new Uint16Array(12);
  readonly #isRep1 = new Uint16Array(12);
  readonly #isRep2 = new Uint16Array(12);
  readonly #isLong = new Uint16Array(12 * 16);
  readonly #slots = new Uint16Array(4 * 64);
  readonly #special = new Uint16Array(128);
  readonly #align = new Uint16Array(16);
  readonly #lengths = newLengths();
  readonly #repLengths = newLengths();
  #literals = new Uint16Array(0);

  /** @throws Malformed for more memory than it is worth */
  constructor(input: PackedInput, dictionary: number) {
    if (dictionary > maxDictionary) throw new Malformed();
    this.#input = input;
    this.#range = new RangeDecoder(input);
    this.dictionary = Math.max(dictionary, 4096);
    this.#window = new Uint8Array(Math.max(this.dictionary, smallestWindow));
  }

  /** How literals and positions are told apart. @throws Malformed */
  setProperties(properties: number): void {
    if (properties >= 9 * 5 * 5) throw new Malformed();
    this.#lc = properties % 9;
    const lp = Math.floor(properties / 9) % 5;
    const pb = Math.floor(properties / 45);
    this.#lpMask = 2 ** lp - 1;
    this.#pbMask = 2 ** pb - 1;
    this.#literals = new Uint16Array(0x300 << (this.#lc + lp));
    this.resetState();
  }

  resetState(): void {
    this.#state = 0;
    this.#reps.fill(0);
    const { choice, low, mid, high } = this.#lengths;
    const rep = this.#repLengths;
    for (const list of [this.#isMatch, this.#isRep, this.#isRep0, this.#isRep1, this.#isRep2, this.#isLong])
      list.fill(half);
    for (const list of [this.#slots, this.#special, this.#align, this.#literals]) list.fill(half);
    for (const list of [choice, low, mid, high, rep.choice, rep.low, rep.mid, rep.high]) list.fill(half);
  }

  resetDictionary(): void {
    this.#total = 0;
  }

  /** Begins a run of the range coder: five bytes must be there. @throws Malformed */
  startRange(): void {
    this.#range.start();
  }

  /** What was decoded since it was asked last; a copy. */
  take(): Uint8Array {
    const window = this.#window;
    const bytes =
      this.#taken <= this.#at
        ? window.slice(this.#taken, this.#at)
        : Buffer.concat([window.subarray(this.#taken), window.subarray(0, this.#at)]);
    this.#taken = this.#at;
    return bytes;
  }

  /** Puts bytes that are not compressed, at most 64 KiB. */
  put(bytes: Uint8Array): void {
    for (const byte of bytes) this.#put(byte);
  }

  /**
   * Decodes at most so many bytes, and no more than may wait to be taken.
   * @param isLast whether all the input there will be is there
   * @returns how many were decoded; undefined at the mark of the end @throws Malformed
   */
  decode(most: number, isLast: boolean): number | undefined {
    const input = this.#input;
    let left = Math.min(most, pieceBytes);
    const wanted = left;
    const reserve = isLast ? 0 : lookAhead;
    while (left > 0 && input.available >= reserve) {
      const place = this.#total & this.#pbMask;
      const at = this.#state * 16 + place;
      if (this.#range.bit(this.#isMatch, at) === 0) {
        this.#literal();
        left--;
        continue;
      }
      let length: number;
      if (this.#range.bit(this.#isRep, this.#state) === 0) {
        const reps = this.#reps;
        reps.copyWithin(1, 0, 3);
        length = this.#length(this.#lengths, place);
        this.#state = this.#state < 7 ? 7 : 10;
        const distance = this.#distance(length);
        if (distance === 0xffffffff) return undefined;
        reps[0] = distance;
      } else if (this.#repeated(at)) {
        length = this.#length(this.#repLengths, place);
        this.#state = this.#state < 7 ? 8 : 11;
      } else {
        this.#state = this.#state < 7 ? 9 : 11;
        length = -1;
      }
      const count = length + 2;
      if (count > most - (wanted - left)) throw new Malformed();
      this.#copy(count);
      left -= count;
    }
    if (input.at > input.window.length) throw new Malformed();
    return wanted - left;
  }

  /** Chooses one of the last four distances. @returns false for a single byte */
  #repeated(at: number): boolean {
    const reps = this.#reps;
    const state = this.#state;
    if (this.#range.bit(this.#isRep0, state) === 0) return this.#range.bit(this.#isLong, at) === 1;
    const index = this.#range.bit(this.#isRep1, state) === 0 ? 1 : 2 + this.#range.bit(this.#isRep2, state);
    const distance = reps[index] ?? 0;
    reps.copyWithin(1, 0, index);
    reps[0] = distance;
    return true;
  }

  #literal(): void {
    const window = this.#window;
    const previous = this.#total === 0 ? 0 : (window[(this.#at === 0 ? window.length : this.#at) - 1] ?? 0);
    const context = ((this.#total & this.#lpMask) << this.#lc) + (previous >> (8 - this.#lc));
    const base = 0x300 * context;
    let symbol = 1;
    if (this.#state >= 7) {
      let matched = this.#byteBack(this.#reps[0] ?? 0);
      while (symbol < 0x100) {
        const expected = (matched >> 7) & 1;
        matched <<= 1;
        const bit = this.#range.bit(this.#literals, base + ((1 + expected) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (bit !== expected) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.#range.bit(this.#literals, base + symbol);
    this.#put(symbol & 0xff);
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
  }

  #length({ choice, low, mid, high }: Lengths, place: number): number {
    if (this.#range.bit(choice, 0) === 0) return this.#range.tree(low, place * 8, 3);
    if (this.#range.bit(choice, 1) === 0) return 8 + this.#range.tree(mid, place * 8, 3);
    return 16 + this.#range.tree(high, 0, 8);
  }

  #distance(length: number): number {
    const slot = this.#range.tree(this.#slots, Math.min(length, 3) * 64, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const start = ((2 | (slot & 1)) << bits) >>> 0;
    if (slot < 14) return start + this.#range.reverseTree(this.#special, start - slot, bits);
    return start + this.#range.direct(bits - 4) * 16 + this.#range.reverseTree(this.#align, 0, 4);
  }

  #copy(count: number): void {
    const distance = this.#reps[0] ?? 0;
    if (distance >= Math.min(this.#total, this.dictionary)) throw new Malformed();
    const window = this.#window;
    let from = this.#at - distance - 1;
    if (from < 0) from += window.length;
    for (let i = 0; i < count; i++) {
      this.#put(window[from] ?? 0);
      if (++from === window.length) from = 0;
    }
  }

  #byteBack(distance: number): number {
    if (distance >= Math.min(this.#total, this.dictionary)) throw new Malformed();
    const at = this.#at - distance - 1;
    return this.#window[at < 0 ? at + this.#window.length : at] ?? 0;
  }

  #put(byte: number): void {
    this.#window[this.#at] = byte;
    if (++this.#at === this.#window.length) this.#at = 0;
    this.#total++;
  }
}

function newLengths(): Lengths {
  const [choice, low, mid, high] = [2, 16 * 8, 16 * 8, 256].map((size) => new Uint16Array(size));
  return { choice, low, mid, high } as Lengths;
}
