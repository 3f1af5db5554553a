import type { ElementType } from './elementType.ts';
import { float32, float64 } from './plainTypes.ts';
import { pieceBytes } from './storedBytes.ts';

export type Numbers = Float32Array | Float64Array;

/**
 * Turns pieces of whole stored blocks into numbers; each is to be used before the next, as they may share memory.
 * @param most elements that there are to decode
 */
export function decoder(type: ElementType, most: number): (piece: Uint8Array) => Numbers {
  const { block, bytes, wide } = type;
  const isPlain = type === float32 || type === float64;
  let scratch: Numbers | undefined;
  return (piece) => {
    const whole = padded(piece, bytes);
    const length = (whole.length / bytes) * block;
    if (isPlain && whole.byteOffset % bytes === 0) {
      const { buffer, byteOffset } = whole;
      return wide
        ? new Float64Array(buffer, byteOffset, length)
        : new Float32Array(buffer, byteOffset, length);
    }
    if (!scratch || scratch.length < length) {
      const room = Math.max(1, Math.floor(pieceBytes / bytes)) * block;
      const needed = Math.max(length, Math.min(room, most));
      scratch = wide ? new Float64Array(needed) : new Float32Array(needed);
    }
    const numbers = scratch.subarray(0, length);
    type.decode(whole, numbers);
    return numbers;
  };
}

/** The last block of some packed types is not written to its end. */
function padded(bytes: Uint8Array, unit: number): Uint8Array {
  if (bytes.length % unit === 0) return bytes;
  const whole = new Uint8Array(Math.ceil(bytes.length / unit) * unit);
  whole.set(bytes);
  return whole;
}
