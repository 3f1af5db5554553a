/** Up to which of the hashes an end is: below `strict` before the middle, below `loose` behind it. */
export interface Thresholds {
  readonly strict: number;
  readonly loose: number;
}

/** Finds ends by the Gear rolling hash: `hash = 2 * hash + table[byte]`, in 32 bits, so that it depends on the last 32 bytes alone. */
export interface GearScanner {
  /**
   * @returns the end of the first prefix of `bytes[from..to)` whose hash is below the threshold of its place and has a lowest byte of
   *   zero; -1 when there is none
   */
  scan(bytes: Uint8Array, from: number, middle: number, to: number, thresholds: Thresholds): number;
}

/** The same as in gear.c. Another seed would cut every file elsewhere, and share nothing with what is stored. */
const seed = 0x4d54524c;
/** A byte that counts for nothing. It is not zero: files have long runs of that, with an end at each byte if it were. */
const neutral = 0x9d;

/** A Weyl sequence through the finaliser of MurmurHash3, above the byte itself, which makes the lowest byte of the hash a sum. */
function gearTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, i) => {
    if (i === neutral) return 0;
    let x = seed + Math.imul(i + 1, 0x9e3779b9);
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return ((x ^ (x >>> 16)) & ~0xff) | (i ^ neutral);
  });
}

/** What gear.c must agree with; it is slower, and runs everywhere. */
export function plainScanner(): GearScanner {
  const table = gearTable();
  return {
    scan(bytes, from, middle, to, { strict, loose }) {
      let hash = 0;
      for (let at = from; at < to; at++) {
        hash = ((hash << 1) + table[bytes[at]!]!) | 0;
        if ((hash & 0xff) === 0 && hash >>> 0 < (at < middle ? strict : loose)) return at + 1;
      }
      return -1;
    },
  };
}
