/** How the elements of a type are kept. Multi-byte values are little-endian, as on every machine that runs this. */
export interface ElementType {
  /** How many elements are stored together, and the bytes that they take together. */
  readonly block: number;
  readonly bytes: number;
  /** Whether a 32-bit float is too small for the values. */
  readonly wide: boolean;
  /** Of what is turned around in a big-endian file, in bytes; 0 where blocks are made of several kinds of values. */
  readonly word: 0 | 1 | 2 | 4 | 8;
  /** Decodes whole blocks; `out` has room for all of their elements. */
  readonly decode: (bytes: Uint8Array, out: Float32Array | Float64Array) => void;
  /** Of elements that one number does not tell apart: the two that do, side by side. */
  readonly parts?: ElementParts;
}

export interface ElementParts {
  /** Real and imaginary part, or the lower and the upper half of a whole number. */
  readonly kind: 'complex' | 'whole64';
  readonly type: ElementType;
}

/** The bytes as 16-bit words; they are copied where they do not lie on even addresses. */
export function words16(bytes: Uint8Array): Uint16Array {
  const { buffer, byteOffset, byteLength } = aligned(bytes, 2);
  return new Uint16Array(buffer, byteOffset, byteLength / 2);
}

export function words32(bytes: Uint8Array): Uint32Array {
  const { buffer, byteOffset, byteLength } = aligned(bytes, 4);
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}

export function aligned(bytes: Uint8Array, width: number): Uint8Array {
  return bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes);
}
