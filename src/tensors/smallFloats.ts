import { words16, words32, type ElementType } from './elementType.ts';

export interface FloatLayout {
  readonly exponentBits: number;
  readonly mantissaBits: number;
  readonly bias: number;
  /**
   * What the greatest exponents stand for: as in IEEE 754 infinities and NaN; NaN with all bits set only; NaN in place of -0 only; or
   * numbers like all others.
   */
  readonly specials: 'ieee' | 'allOnes' | 'negativeZero' | 'none';
}

/** The values of a float type of at most 16 bits, by their bits. */
export function floatTable(layout: FloatLayout): Float32Array {
  const { exponentBits, mantissaBits, bias, specials } = layout;
  const half = 2 ** (exponentBits + mantissaBits);
  const table = new Float32Array(2 * half);
  const steps = 2 ** mantissaBits;
  const greatest = 2 ** exponentBits - 1;
  for (let bits = 0; bits < half; bits++) {
    const exponent = Math.floor(bits / steps);
    const mantissa = bits % steps;
    let value =
      exponent === 0 ? (mantissa / steps) * 2 ** (1 - bias) : (1 + mantissa / steps) * 2 ** (exponent - bias);
    if (specials === 'ieee' && exponent === greatest) value = mantissa === 0 ? Infinity : Number.NaN;
    if (specials === 'allOnes' && bits === half - 1) value = Number.NaN;
    table[bits] = value;
    table[half + bits] = -value;
  }
  if (specials === 'negativeZero') table[half] = Number.NaN;
  return table;
}

let halfTable: Float32Array | undefined;

/** The values of 16-bit floats. */
export function halves(): Float32Array {
  halfTable ??= floatTable({ exponentBits: 5, mantissaBits: 10, bias: 15, specials: 'ieee' });
  return halfTable;
}

export const float16: ElementType = {
  block: 1,
  bytes: 2,
  wide: false,
  word: 2,
  decode(bytes, out) {
    const table = halves();
    const words = words16(bytes);
    for (let i = 0; i < words.length; i++) out[i] = table[words[i]!]!;
  },
};

/** The upper half of a 32-bit float. */
export const bfloat16: ElementType = {
  block: 1,
  bytes: 2,
  wide: false,
  word: 2,
  decode(bytes, out) {
    const words = words16(bytes);
    const whole = words32(new Uint8Array(out.buffer, out.byteOffset, 4 * words.length));
    for (let i = 0; i < words.length; i++) whole[i] = words[i]! << 16;
  },
};

/** A type of which every byte is an element, by the values of the bytes. */
function byTable(makeTable: () => Float32Array): ElementType {
  let table: Float32Array | undefined;
  return {
    block: 1,
    bytes: 1,
    wide: false,
    word: 1,
    decode(bytes, out) {
      table ??= makeTable();
      for (let i = 0; i < bytes.length; i++) out[i] = table[bytes[i]!]!;
    },
  };
}

function float8(layout: FloatLayout): ElementType {
  return byTable(() => floatTable(layout));
}

export const float8E4M3 = float8({ exponentBits: 4, mantissaBits: 3, bias: 7, specials: 'allOnes' });
export const float8E5M2 = float8({ exponentBits: 5, mantissaBits: 2, bias: 15, specials: 'ieee' });
export const float8E4M3Fnuz = float8({
  exponentBits: 4,
  mantissaBits: 3,
  bias: 8,
  specials: 'negativeZero',
});
export const float8E5M2Fnuz = float8({
  exponentBits: 5,
  mantissaBits: 2,
  bias: 16,
  specials: 'negativeZero',
});
export const float8E4M3B11Fnuz = float8({
  exponentBits: 4,
  mantissaBits: 3,
  bias: 11,
  specials: 'negativeZero',
});

/** Powers of two, without a sign. */
export const float8E8M0 = byTable(() =>
  Float32Array.from({ length: 256 }, (_, bits) => (bits === 255 ? Number.NaN : 2 ** (bits - 127))),
);

/** Four elements in three bytes, the first in the lowest bits. */
function float6(layout: FloatLayout): ElementType {
  const table = floatTable(layout);
  return {
    block: 4,
    bytes: 3,
    wide: false,
    word: 1,
    decode(bytes, out) {
      for (let at = 0, to = 0; at < bytes.length; at += 3, to += 4) {
        const bits = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
        for (let i = 0; i < 4; i++) out[to + i] = table[(bits >> (6 * i)) & 63]!;
      }
    },
  };
}

const layoutE2M3: FloatLayout = { exponentBits: 2, mantissaBits: 3, bias: 1, specials: 'none' };
const layoutE3M2: FloatLayout = { exponentBits: 3, mantissaBits: 2, bias: 3, specials: 'none' };
export const float6E2M3 = float6(layoutE2M3);
export const float6E3M2 = float6(layoutE3M2);
/** Of which each has a byte of its own. */
export const float6E2M3Bytes = byTable(() => floatTable(layoutE2M3));
export const float6E3M2Bytes = byTable(() => floatTable(layoutE3M2));
export const float4Values = floatTable({ exponentBits: 2, mantissaBits: 1, bias: 1, specials: 'none' });
