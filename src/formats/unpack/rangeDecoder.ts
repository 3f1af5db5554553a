import { Malformed } from '../byteCursor.ts';
import type { PackedInput } from './packedInput.ts';

/** Of a bit that nothing is known of. */
export const half = 1024;

/** Decodes bits that took the less room the more they were expected. Whoever uses it sees to it that the input is there. */
export class RangeDecoder {
  readonly #input: PackedInput;
  #range = 0xffffffff;
  #code = 0;

  constructor(input: PackedInput) {
    this.#input = input;
  }

  /** @throws Malformed */
  start(): void {
    if (this.#input.u8() !== 0) throw new Malformed();
    this.#range = 0xffffffff;
    this.#code = 0;
    for (let i = 0; i < 4; i++) this.#code = (this.#code * 256 + this.#input.u8()) >>> 0;
  }

  /** A number of so many bits, the highest first, each with a probability for what came before it. */
  tree(probabilities: Uint16Array, base: number, bits: number): number {
    let symbol = 1;
    for (let i = 0; i < bits; i++) symbol = (symbol << 1) | this.bit(probabilities, base + symbol);
    return symbol - (1 << bits);
  }

  /** The same, the lowest first. */
  reverseTree(probabilities: Uint16Array, base: number, bits: number): number {
    let symbol = 1;
    let value = 0;
    for (let i = 0; i < bits; i++) {
      const bit = this.bit(probabilities, base + symbol);
      symbol = (symbol << 1) | bit;
      value |= bit << i;
    }
    return value;
  }

  /** Bits that are as often 0 as 1. */
  direct(bits: number): number {
    let value = 0;
    for (let i = 0; i < bits; i++) {
      this.#range >>>= 1;
      const bit = this.#code >= this.#range ? 1 : 0;
      if (bit) this.#code -= this.#range;
      value = value * 2 + bit;
      this.#normalize();
    }
    return value;
  }

  /** A bit, whose probability learns from it. */
  bit(probabilities: Uint16Array, index: number): number {
    const probability = probabilities[index] ?? half;
    const bound = (this.#range >>> 11) * probability;
    let bit = 0;
    if (this.#code < bound) {
      this.#range = bound;
      probabilities[index] = probability + ((2048 - probability) >> 5);
    } else {
      this.#range -= bound;
      this.#code -= bound;
      probabilities[index] = probability - (probability >> 5);
      bit = 1;
    }
    this.#normalize();
    return bit;
  }

  #normalize(): void {
    if (this.#range >= 0x1000000) return;
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | this.#input.u8()) >>> 0;
  }
}
