import { hash } from 'node:crypto';

const hashBytes = 32;

/** The SHA-256 of each part of `bytes`, one behind the other: up to the first of `ends`, from there to the second, and so on. */
export function hashParts(bytes: Uint8Array, ends: readonly number[]): Uint8Array {
  const hashes = new Uint8Array(ends.length * hashBytes);
  let from = 0;
  for (const [part, end] of ends.entries()) {
    hashes.set(hash('sha256', bytes.subarray(from, end), 'buffer'), part * hashBytes);
    from = end;
  }
  return hashes;
}
