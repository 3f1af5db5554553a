import type { RandomAccess } from './randomAccess.ts';

/** What is read at once where less is asked for, in bytes. */
const windowBytes = 2 ** 20;
const leastOwnRead = 2 ** 16;

/** For whoever reads many small pieces that follow each other: they are taken out of a larger one. */
export function windowedAccess(access: RandomAccess): RandomAccess {
  let start = 0;
  let window: Promise<Uint8Array> | undefined;
  let length = 0;

  async function small(offset: number, count: number): Promise<Uint8Array> {
    if (!window || offset < start || offset + count > start + length) {
      start = offset;
      length = Math.min(windowBytes, access.size - offset);
      window = access.read(start, length);
      window.catch(() => (window = undefined));
    }
    const from = offset - start;
    return (await window).subarray(from, from + count);
  }
  const isSmall = (offset: number, count: number): boolean =>
    count < leastOwnRead && offset >= 0 && offset + count <= access.size;
  const { readInto } = access;

  return {
    size: access.size,
    madeOf: access.madeOf,
    read: async (offset, count) =>
      isSmall(offset, count) ? (await small(offset, count)).slice() : access.read(offset, count),
    ...(readInto && {
      async readInto(target, offset) {
        if (isSmall(offset, target.length)) target.set(await small(offset, target.length));
        else await readInto(target, offset);
      },
    }),
  };
}
