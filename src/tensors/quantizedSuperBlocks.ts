import { floatAt, halfAt, quantized, signed8, unevenValues } from './quantizedBlocks.ts';

/** Blocks of 256 elements, with a scale of few bits for every 16 or 32 of them, and one for the scales. */

const { fround } = Math;

export const q2K = quantized(256, 84, (bytes, at, out, to) => {
  const scale = halfAt(bytes, at + 80);
  const least = halfAt(bytes, at + 82);
  for (let group = 0; group < 16; group++) {
    const byte = bytes[at + group]!;
    const step = fround(scale * (byte & 15));
    const offset = fround(least * (byte >> 4));
    const from = at + 16 + 32 * (group >> 3) + 16 * (group & 1);
    const shift = group & 6;
    for (let j = 0; j < 16; j++) {
      out[to + 16 * group + j] = fround(step * ((bytes[from + j]! >> shift) & 3)) - offset;
    }
  }
});

/** Two bits of an element, and a third one in a mask of its own: where it is not set, the value is less by four. */
export const q3K = quantized(256, 110, (bytes, at, out, to) => {
  const scale = halfAt(bytes, at + 108);
  const scales = at + 96;
  for (let group = 0; group < 16; group++) {
    const low = (bytes[scales + (group & 7)]! >> (group < 8 ? 0 : 4)) & 15;
    const high = (bytes[scales + 8 + (group & 3)]! >> (2 * (group >> 2))) & 3;
    const step = fround(scale * ((low | (high << 4)) - 32));
    const half = 16 * (group & 1);
    const from = at + 32 + 32 * (group >> 3) + half;
    const shift = group & 6;
    for (let j = 0; j < 16; j++) {
      const isSet = (bytes[at + half + j]! >> (group >> 1)) & 1;
      out[to + 16 * group + j] = step * (((bytes[from + j]! >> shift) & 3) - 4 * (1 - isSet));
    }
  }
});

/** The scale (`offset` 0) or the least value (`offset` 4) of a group, of six bits each, packed in twelve bytes. */
function sixBits(bytes: Uint8Array, at: number, group: number, offset: 0 | 4): number {
  if (group < 4) return bytes[at + group + offset]! & 63;
  const nibble = (bytes[at + group + 4]! >> offset) & 15;
  return nibble | ((bytes[at + group - 4 + offset]! >> 6) << 4);
}

export const q4K = quantized(256, 144, (bytes, at, out, to) => {
  const scale = halfAt(bytes, at);
  const least = halfAt(bytes, at + 2);
  for (let group = 0; group < 8; group++) {
    const step = fround(scale * sixBits(bytes, at + 4, group, 0));
    const offset = fround(least * sixBits(bytes, at + 4, group, 4));
    const from = at + 16 + 32 * (group >> 1);
    const shift = 4 * (group & 1);
    for (let j = 0; j < 32; j++) {
      out[to + 32 * group + j] = fround(step * ((bytes[from + j]! >> shift) & 15)) - offset;
    }
  }
});

export const q5K = quantized(256, 176, (bytes, at, out, to) => {
  const scale = halfAt(bytes, at);
  const least = halfAt(bytes, at + 2);
  for (let group = 0; group < 8; group++) {
    const step = fround(scale * sixBits(bytes, at + 4, group, 0));
    const offset = fround(least * sixBits(bytes, at + 4, group, 4));
    const from = at + 48 + 32 * (group >> 1);
    const shift = 4 * (group & 1);
    for (let j = 0; j < 32; j++) {
      const high = (bytes[at + 16 + j]! >> group) & 1;
      const value = ((bytes[from + j]! >> shift) & 15) | (high << 4);
      out[to + 32 * group + j] = fround(step * value) - offset;
    }
  }
});

export const q6K = quantized(256, 210, (bytes, at, out, to) => {
  const scale = halfAt(bytes, at + 208);
  for (let group = 0; group < 16; group++) {
    const step = fround(scale * signed8(bytes[at + 192 + group]!));
    const half = group >> 3;
    const within = group & 7;
    const low = at + 64 * half + 16 * (within & 3);
    const high = at + 128 + 32 * half + 16 * (within & 1);
    const lowShift = within < 4 ? 0 : 4;
    const highShift = within & 6;
    for (let j = 0; j < 16; j++) {
      const nibble = (bytes[low + j]! >> lowShift) & 15;
      const value = (nibble | (((bytes[high + j]! >> highShift) & 3) << 4)) - 32;
      out[to + 16 * group + j] = step * value;
    }
  }
});

export const q8K = quantized(256, 292, (bytes, at, out, to) => {
  const scale = floatAt(bytes, at);
  for (let j = 0; j < 256; j++) out[to + j] = scale * signed8(bytes[at + 4 + j]!);
});

export const iq4Xs = quantized(256, 136, (bytes, at, out, to) => {
  const scale = halfAt(bytes, at);
  for (let group = 0; group < 8; group++) {
    const low = (bytes[at + 4 + (group >> 1)]! >> (4 * (group & 1))) & 15;
    const high = (bytes[at + 2 + (group >> 2)]! >> (2 * (group & 3))) & 3;
    const step = fround(scale * ((low | (high << 4)) - 32));
    for (let j = 0; j < 16; j++) {
      const byte = bytes[at + 8 + 16 * group + j]!;
      out[to + 32 * group + j] = step * unevenValues[byte & 15]!;
      out[to + 32 * group + j + 16] = step * unevenValues[byte >> 4]!;
    }
  }
});

/** Five elements of three values each to a byte: its digits to the base of three, as the upper bits of a fraction. */
const ternaryRuns = [
  { from: 0, length: 32, digits: 5, to: 0 },
  { from: 32, length: 16, digits: 5, to: 160 },
  { from: 48, length: 4, digits: 4, to: 240 },
] as const;

export const tq1_0 = quantized(256, 54, (bytes, at, out, to) => {
  const scale = halfAt(bytes, at + 52);
  for (const run of ternaryRuns) {
    for (let digit = 0, power = 1; digit < run.digits; digit++, power *= 3) {
      for (let j = 0; j < run.length; j++) {
        const rest = (bytes[at + run.from + j]! * power) & 255;
        out[to + run.to + run.length * digit + j] = scale * (((rest * 3) >> 8) - 1);
      }
    }
  }
});

export const tq2_0 = quantized(256, 66, (bytes, at, out, to) => {
  const scale = halfAt(bytes, at + 64);
  for (let group = 0; group < 8; group++) {
    const from = at + 32 * (group >> 2);
    const shift = 2 * (group & 3);
    for (let j = 0; j < 32; j++) out[to + 32 * group + j] = scale * (((bytes[from + j]! >> shift) & 3) - 1);
  }
});
