/** A view of all of a memory, so as not to make one for each copy. */
const views = new WeakMap<ArrayBufferLike, Buffer>();

/**
 * `to.set(from, at)`, for bytes of which some may be in shared memory. There, `set` copies them one after the other where they are not
 * aligned; a Buffer that is told to copy a part of itself goes as fast as the memory allows, five times faster.
 */
export function copyBytes(from: Uint8Array, to: Uint8Array, at = 0): void {
  const { buffer } = from;
  const isShared = buffer instanceof SharedArrayBuffer || to.buffer instanceof SharedArrayBuffer;
  if (!isShared) return to.set(from, at);
  let view = views.get(buffer);
  if (!view) views.set(buffer, (view = Buffer.from(buffer)));
  view.copy(to, at, from.byteOffset, from.byteOffset + from.length);
}
