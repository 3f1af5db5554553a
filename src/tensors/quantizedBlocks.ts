import type { ElementType } from './elementType.ts';
import { floatTable, halves } from './smallFloats.ts';

/** Decodes the block that begins at a byte to the elements from an index on. */
export type BlockDecoder = (
  bytes: Uint8Array,
  at: number,
  out: Float32Array | Float64Array,
  to: number,
) => void;

/** A type of GGUF: elements as small numbers, with a scale for each block. */
export function quantized(block: number, bytes: number, decodeBlock: BlockDecoder): ElementType {
  return {
    block,
    bytes,
    wide: false,
    word: 0,
    decode(raw, out) {
      for (let at = 0, to = 0; at < raw.length; at += bytes, to += block) decodeBlock(raw, at, out, to);
    },
  };
}

export function halfAt(bytes: Uint8Array, at: number): number {
  return halves()[bytes[at]! | (bytes[at + 1]! << 8)]!;
}

const floatBits = new Uint8Array(4);
const floatValue = new Float32Array(floatBits.buffer);

export function floatAt(bytes: Uint8Array, at: number): number {
  for (let i = 0; i < 4; i++) floatBits[i] = bytes[at + i]!;
  return floatValue[0]!;
}

export function signed8(byte: number): number {
  return (byte << 24) >> 24;
}

// Products of two 32-bit floats are exact before they are stored as one. Where something is added to one, it is rounded first, as
// in the arithmetic of the reference.
const { fround } = Math;

/** Elements j and j + 16 share a byte. */
export const q4_0 = quantized(32, 18, (bytes, at, out, to) => {
  const scale = halfAt(bytes, at);
  for (let j = 0; j < 16; j++) {
    const byte = bytes[at + 2 + j]!;
    out[to + j] = scale * ((byte & 15) - 8);
    out[to + j + 16] = scale * ((byte >> 4) - 8);
  }
});

export const q4_1 = quantized(32, 20, (bytes, at, out, to) => {
  const scale = halfAt(bytes, at);
  const least = halfAt(bytes, at + 2);
  for (let j = 0; j < 16; j++) {
    const byte = bytes[at + 4 + j]!;
    out[to + j] = fround(scale * (byte & 15)) + least;
    out[to + j + 16] = fround(scale * (byte >> 4)) + least;
  }
});

/** The fifth bits are in four bytes of their own. */
function fiveBits(bytes: Uint8Array, high: number, low: number, j: number): number {
  const nibble = j < 16 ? bytes[low + j]! & 15 : bytes[low + j - 16]! >> 4;
  return nibble | (((bytes[high + (j >> 3)]! >> (j & 7)) & 1) << 4);
}

export const q5_0 = quantized(32, 22, (bytes, at, out, to) => {
  const scale = halfAt(bytes, at);
  for (let j = 0; j < 32; j++) out[to + j] = scale * (fiveBits(bytes, at + 2, at + 6, j) - 16);
});

export const q5_1 = quantized(32, 24, (bytes, at, out, to) => {
  const scale = halfAt(bytes, at);
  const least = halfAt(bytes, at + 2);
  for (let j = 0; j < 32; j++) out[to + j] = fround(scale * fiveBits(bytes, at + 4, at + 8, j)) + least;
});

export const q8_0 = quantized(32, 34, (bytes, at, out, to) => {
  const scale = halfAt(bytes, at);
  for (let j = 0; j < 32; j++) out[to + j] = scale * signed8(bytes[at + 2 + j]!);
});

/** Scale and sum are 32-bit floats. */
export const q8_1 = quantized(32, 40, (bytes, at, out, to) => {
  const scale = floatAt(bytes, at);
  for (let j = 0; j < 32; j++) out[to + j] = scale * signed8(bytes[at + 8 + j]!);
});

export const unevenValues = [
  -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113,
] as const;

export const iq4Nl = quantized(32, 18, (bytes, at, out, to) => {
  const scale = halfAt(bytes, at);
  for (let j = 0; j < 16; j++) {
    const byte = bytes[at + 2 + j]!;
    out[to + j] = scale * unevenValues[byte & 15]!;
    out[to + j + 16] = scale * unevenValues[byte >> 4]!;
  }
});

/** Twice the values of 4-bit floats: scales are halved. */
const doubled = [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12] as const;

/** The scale is an exponent only. */
export const mxfp4 = quantized(32, 17, (bytes, at, out, to) => {
  const scale = 2 ** (bytes[at]! - 128);
  for (let j = 0; j < 16; j++) {
    const byte = bytes[at + 1 + j]!;
    out[to + j] = scale * doubled[byte & 15]!;
    out[to + j + 16] = scale * doubled[byte >> 4]!;
  }
});

const positiveScales = floatTable({ exponentBits: 4, mantissaBits: 3, bias: 7, specials: 'none' });

/** A scale of 8 bits for every 16 elements; those of which the sign would be set do not occur. */
export const nvfp4 = quantized(64, 36, (bytes, at, out, to) => {
  for (let group = 0; group < 4; group++) {
    const bits = bytes[at + group]! & 0x7f;
    const scale = bits === 0x7f ? 0 : positiveScales[bits]! / 2;
    for (let j = 0; j < 8; j++) {
      const byte = bytes[at + 4 + 8 * group + j]!;
      out[to + 16 * group + j] = scale * doubled[byte & 15]!;
      out[to + 16 * group + j + 8] = scale * doubled[byte >> 4]!;
    }
  }
});
