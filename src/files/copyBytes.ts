/**
 * `to.set(from, at)`, for bytes that may be in shared memory: of those a typed array copies one after the other, where a Buffer copies
 * as fast as the memory allows.
 */
export function copyBytes(from: Uint8Array, to: Uint8Array, at = 0): void {
  if (from.buffer instanceof SharedArrayBuffer) {
    Buffer.from(from.buffer, from.byteOffset, from.length).copy(to, at);
  } else {
    to.set(from, at);
  }
}
