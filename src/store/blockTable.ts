import { hashBytes } from './packFormat.ts';
import type { PlacedBlock } from './packIndex.ts';

/** Where a block is. */
interface BlockPlace {
  readonly pack: number;
  readonly offset: number;
  readonly stored: number;
  readonly raw: number;
  readonly encoding: number;
  readonly base: Uint8Array | undefined;
}

/**
 * Finds blocks by their hash. Numbers in columns, no object for a block: a store of a terabyte has millions. The same block may be in it
 * several times, once for each pack that has it.
 */
export class BlockTable {
  #capacity = 256;
  #count = 0;
  #hashes = new Uint8Array(this.#capacity * hashBytes);
  #packs = new Uint32Array(this.#capacity);
  #offsets = new Float64Array(this.#capacity);
  #stored = new Uint32Array(this.#capacity);
  #raw = new Uint32Array(this.#capacity);
  #encodings = new Uint8Array(this.#capacity);
  /** The next with the same bucket, or -1. */
  #next = new Int32Array(this.#capacity);
  /** The latest in each bucket, or -1. As many buckets as there is room for blocks; the hashes spread them by themselves. */
  #heads = new Int32Array(this.#capacity).fill(-1);
  /** Few blocks have one. */
  readonly #bases = new Map<number, Uint8Array>();

  get count(): number {
    return this.#count;
  }

  /** @returns its number: they are given out in order, from 0 */
  add(block: PlacedBlock, pack: number): number {
    if (this.#count === this.#capacity) this.#grow();
    const number = this.#count++;
    this.#hashes.set(block.hash, number * hashBytes);
    this.#packs[number] = pack;
    this.#offsets[number] = block.offset;
    this.#stored[number] = block.stored;
    this.#raw[number] = block.raw;
    this.#encodings[number] = block.encoding;
    if (block.base) this.#bases.set(number, Uint8Array.from(block.base));
    this.#chain(number);
    return number;
  }

  /** The first with a hash, or the one after `previous`; -1 when there is none. The latest that was added comes first. */
  find(hash: Uint8Array, previous = -1): number {
    let number = previous < 0 ? this.#heads[this.#bucket(hash, 0)] : this.#next[previous];
    for (; number !== undefined && number >= 0; number = this.#next[number]) {
      if (this.#has(number, hash)) return number;
    }
    return -1;
  }

  packOf(number: number): number {
    return this.#packs[number] ?? 0;
  }

  baseOf(number: number): Uint8Array | undefined {
    return this.#bases.get(number);
  }

  /** Without its header, in bytes. */
  storedBytes(number: number): number {
    return this.#stored[number] ?? 0;
  }

  at(number: number): BlockPlace {
    return {
      pack: this.packOf(number),
      offset: this.#offsets[number] ?? 0,
      stored: this.#stored[number] ?? 0,
      raw: this.#raw[number] ?? 0,
      encoding: this.#encodings[number] ?? 0,
      base: this.#bases.get(number),
    };
  }

  hashAt(number: number): Uint8Array {
    return this.#hashes.subarray(number * hashBytes, (number + 1) * hashBytes);
  }

  #has(number: number, hash: Uint8Array): boolean {
    const from = number * hashBytes;
    for (let byte = 0; byte < hashBytes; byte++) {
      if (this.#hashes[from + byte] !== hash[byte]) return false;
    }
    return true;
  }

  #bucket(hash: Uint8Array, from: number): number {
    const byte = (at: number): number => hash[from + at] ?? 0;
    return ((byte(0) << 24) | (byte(1) << 16) | (byte(2) << 8) | byte(3)) & (this.#capacity - 1);
  }

  #chain(number: number): void {
    const bucket = this.#bucket(this.#hashes, number * hashBytes);
    this.#next[number] = this.#heads[bucket] ?? -1;
    this.#heads[bucket] = number;
  }

  #grow(): void {
    this.#capacity *= 2;
    this.#hashes = grown(this.#hashes, new Uint8Array(this.#capacity * hashBytes));
    this.#packs = grown(this.#packs, new Uint32Array(this.#capacity));
    this.#offsets = grown(this.#offsets, new Float64Array(this.#capacity));
    this.#stored = grown(this.#stored, new Uint32Array(this.#capacity));
    this.#raw = grown(this.#raw, new Uint32Array(this.#capacity));
    this.#encodings = grown(this.#encodings, new Uint8Array(this.#capacity));
    this.#next = new Int32Array(this.#capacity);
    this.#heads = new Int32Array(this.#capacity).fill(-1);
    for (let number = 0; number < this.#count; number++) this.#chain(number);
  }
}

export function grown<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
