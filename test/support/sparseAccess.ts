import type { RandomAccess } from '../../src/formats/randomAccess.ts';

export interface SparseAccess extends RandomAccess {
  /** In bytes, so far. */
  readonly bytesRead: number;
}

/** A file as large as you like, of zeros but for some pieces; it counts what is read of it. */
export function sparseAccess(
  size: number,
  pieces: readonly (readonly [offset: number, bytes: Uint8Array])[],
): SparseAccess {
  let bytesRead = 0;
  return {
    size,
    get bytesRead() {
      return bytesRead;
    },
    async read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > size) throw new Error('read outside of the file');
      bytesRead += length;
      const result = new Uint8Array(length);
      for (const [start, bytes] of pieces) {
        const from = Math.max(start, offset);
        const to = Math.min(start + bytes.length, offset + length);
        if (from < to) result.set(bytes.subarray(from - start, to - start), from - offset);
      }
      return result;
    },
  };
}
