import { aligned, words32, type ElementType } from './elementType.ts';
import { bfloat16, float4Values, halves } from './smallFloats.ts';

type Words =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;
interface WordsConstructor {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): Words;
}

/** A type that an array of the language holds. */
function plain(Constructor: WordsConstructor, wide: boolean): ElementType {
  const bytes = Constructor.BYTES_PER_ELEMENT;
  return {
    block: 1,
    bytes,
    wide,
    word: bytes as 1 | 2 | 4 | 8,
    decode(raw, out) {
      const { buffer, byteOffset, byteLength } = aligned(raw, bytes);
      out.set(new Constructor(buffer, byteOffset, byteLength / bytes));
    },
  };
}

export const float64 = plain(Float64Array, true);
export const float32 = plain(Float32Array, false);
export const int8 = plain(Int8Array, false);
export const uint8 = plain(Uint8Array, false);
export const int16 = plain(Int16Array, false);
export const uint16 = plain(Uint16Array, false);
export const int32 = plain(Int32Array, true);
export const uint32 = plain(Uint32Array, true);

/** The nearest double of each: beyond 2^53 not every whole number is one. */
function whole64(high: (words: Uint32Array) => Int32Array | Uint32Array): ElementType {
  return {
    block: 1,
    bytes: 8,
    wide: true,
    word: 8,
    decode(bytes, out) {
      const words = words32(bytes);
      const upper = high(words);
      for (let i = 0; i < words.length; i += 2) out[i / 2] = upper[i + 1]! * 2 ** 32 + words[i]!;
    },
    parts: { kind: 'whole64', type: halvesOf(high) },
  };
}

function halvesOf(high: (words: Uint32Array) => Int32Array | Uint32Array): ElementType {
  return {
    ...uint32,
    decode(bytes, out) {
      const words = words32(bytes);
      const upper = high(words);
      for (let i = 0; i < words.length; i++) out[i] = i % 2 === 0 ? words[i]! : upper[i]!;
    },
  };
}

export const int64 = whole64((words) => new Int32Array(words.buffer, words.byteOffset, words.length));
export const uint64 = whole64((words) => words);

/** Whatever is not zero is true. */
export const boolean: ElementType = {
  block: 1,
  bytes: 1,
  wide: false,
  word: 1,
  decode(bytes, out) {
    for (let i = 0; i < bytes.length; i++) out[i] = bytes[i] === 0 ? 0 : 1;
  },
};

/** Several elements to a byte, the first in its lowest bits. */
function packed(bits: 1 | 2 | 4, valueOf: (bits: number) => number): ElementType {
  const values = Float32Array.from({ length: 2 ** bits }, (_, index) => valueOf(index));
  const block = 8 / bits;
  const mask = 2 ** bits - 1;
  return {
    block,
    bytes: 1,
    wide: false,
    word: 1,
    decode(bytes, out) {
      for (let at = 0, to = 0; at < bytes.length; at++) {
        const byte = bytes[at]!;
        for (let shift = 0; shift < 8; shift += bits) out[to++] = values[(byte >> shift) & mask]!;
      }
    },
  };
}

export const int4 = packed(4, (bits) => (bits << 28) >> 28);
export const uint4 = packed(4, (bits) => bits);
export const int2 = packed(2, (bits) => (bits << 30) >> 30);
export const uint2 = packed(2, (bits) => bits);
export const bit = packed(1, (bits) => bits);
export const float4 = packed(4, (bits) => float4Values[bits]!);

/** Two floats, of which the magnitude is given. */
function complex(part: ElementType, wide: boolean): ElementType {
  return {
    block: 1,
    bytes: 2 * part.bytes,
    wide,
    word: part.word,
    decode(bytes, out) {
      const parts = part.wide
        ? new Float64Array(bytes.length / part.bytes)
        : new Float32Array(bytes.length / part.bytes);
      part.decode(bytes, parts);
      for (let i = 0; i < parts.length; i += 2) out[i / 2] = Math.hypot(parts[i]!, parts[i + 1]!);
    },
    parts: { kind: 'complex', type: part },
  };
}

const float16Part: ElementType = {
  ...uint16,
  decode(bytes, out) {
    const table = halves();
    uint16.decode(bytes, out);
    for (let i = 0; i < bytes.length / 2; i++) out[i] = table[out[i]!]!;
  },
};

export const complex32 = complex(float16Part, true);
export const bcomplex32 = complex(bfloat16, true);
export const complex64 = complex(float32, true);
export const complex128 = complex(float64, true);
