/** Pseudo-random numbers that a seed repeats (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 up to, not including, `end`. */
  below(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) % Math.max(1, end);
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
}

/** Around what lengths, counts and signs turn at. */
const numbers = [0n, 1n, 2n, 8n, 0x7fn, 0x80n, 0xffn, 0xffffn, 0x7fffffffn, 0x80000000n, 0xffffffffn].concat([
  1n << 53n,
  (1n << 60n) + 1n,
  (1n << 63n) - 1n,
  1n << 63n,
  (1n << 64n) - 1n,
]);
const texts = [
  '-1',
  '1e999',
  '99999999999999999999',
  '{',
  '[',
  '"',
  '<',
  '>',
  '__proto__',
  '../x',
  '\0',
  '\u202e',
];
const maxGrowth = 64 * 1024;

type Mutation = (bytes: Buffer, random: Random, others: readonly Buffer[]) => Buffer;

/** Near the start, where headers are, as often as anywhere. */
function place(bytes: Buffer, random: Random): number {
  return random.below(random.below(2) === 0 ? bytes.length : Math.min(bytes.length, 1024));
}

function replaced(bytes: Buffer, at: number, remove: number, insert: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(Math.min(bytes.length, at + remove))]);
}

function number(value: bigint, width: number, little: boolean): Buffer {
  const bytes = Buffer.alloc(8);
  if (little) bytes.writeBigUInt64LE(value);
  else bytes.writeBigUInt64BE(BigInt.asUintN(64, value << BigInt(64 - 8 * width)));
  return bytes.subarray(0, width);
}

const mutations: readonly Mutation[] = [
  // A bit.
  (bytes, random) => {
    const at = place(bytes, random);
    return replaced(bytes, at, 1, Buffer.of((bytes[at] ?? 0) ^ (1 << random.below(8))));
  },
  // A byte.
  (bytes, random) => replaced(bytes, place(bytes, random), 1, Buffer.of(random.below(256))),
  // A number where one may stand.
  (bytes, random) => {
    const width = random.of([1, 2, 4, 8]);
    const at = place(bytes, random);
    const aligned = random.below(2) === 0 ? at : at - (at % width);
    return replaced(bytes, aligned, width, number(random.of(numbers), width, random.below(2) === 0));
  },
  // A number that is there, a little more or less.
  (bytes, random) => {
    const at = place(bytes, random);
    return replaced(bytes, at, 1, Buffer.of(((bytes[at] ?? 0) + random.below(9) - 4) & 0xff));
  },
  // An offset into the file.
  (bytes, random) => {
    const width = random.of([4, 8]);
    return replaced(
      bytes,
      place(bytes, random),
      width,
      number(BigInt(random.below(bytes.length)), width, true),
    );
  },
  // Text for text.
  (bytes, random) => replaced(bytes, place(bytes, random), random.below(3), Buffer.from(random.of(texts))),
  // Something taken out.
  (bytes, random) => replaced(bytes, place(bytes, random), 1 + random.below(32), Buffer.alloc(0)),
  // Something repeated, once or often.
  (bytes, random) => {
    const from = place(bytes, random);
    const piece = bytes.subarray(from, from + 1 + random.below(64));
    const times = random.below(8) === 0 ? 1 + random.below(maxGrowth / 64) : 1;
    return replaced(bytes, from, 0, Buffer.concat(Array.from({ length: times }, () => piece)));
  },
  // A piece moved to where another is.
  (bytes, random) => {
    const from = place(bytes, random);
    const piece = bytes.subarray(from, from + 1 + random.below(256));
    return replaced(bytes, place(bytes, random), random.below(2) * piece.length, piece);
  },
  // A piece of another file.
  (bytes, random, others) => {
    const other = random.of(others);
    const from = place(other, random);
    return replaced(
      bytes,
      place(bytes, random),
      random.below(64),
      other.subarray(from, from + 1 + random.below(256)),
    );
  },
  // The end cut off.
  (bytes, random) => bytes.subarray(0, 1 + place(bytes, random)),
];

/** A few changes at once; mostly one, so that what is behind it is still understood. */
export function mutate(bytes: Buffer, random: Random, others: readonly Buffer[]): Buffer {
  let changed = bytes;
  for (let count = 1 + Math.min(random.below(4), random.below(4)); count > 0; count--) {
    changed = random.of(mutations)(changed.length > 0 ? changed : Buffer.of(0), random, others);
  }
  return changed.subarray(0, bytes.length + maxGrowth);
}
