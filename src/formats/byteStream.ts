import * as l10n from '@vscode/l10n';
import { throwIfCancelled } from '../core/operation.ts';
import { Malformed } from './byteCursor.ts';
import type { RandomAccess } from './randomAccess.ts';
import type { StoragePlace } from './tensorStorage.ts';

/** Bytes that are read once, from front to back. */
export interface ByteStream {
  /** Where they lie in the file, if they lie there as they are. */
  readonly start?: number;
  /** Where a part of the bytes is, for who wants to read it later. */
  readonly place?: (offset: number, length: number) => StoragePlace;
  /** The next bytes, as many as come easily; undefined at the end. @throws Malformed */
  next(): Promise<Uint8Array | undefined>;
  /** Passes over bytes. @throws Malformed when there are not as many */
  skip(length: number): Promise<void>;
  close(): Promise<void>;
}

export interface RangeStream extends ByteStream {
  readonly start: number;
  readonly length: number;
}

const smallestRead = 4 * 1024;
const largestRead = 256 * 1024;

/** A part of a file. What is passed over is not read. */
export function rangeStream(
  access: RandomAccess,
  start: number,
  end: number,
  signal: AbortSignal,
): RangeStream {
  let offset = start;
  let size = smallestRead;
  return {
    start,
    length: end - start,
    place: (offset, length) => ({ kind: 'file', offset: start + offset, length }),
    async next() {
      throwIfCancelled({ signal });
      const length = Math.min(size, end - offset);
      if (length <= 0) return undefined;
      const bytes = await access.read(offset, length);
      offset += length;
      size = Math.min(largestRead, 2 * size);
      return bytes;
    },
    async skip(length) {
      if (length > end - offset) throw cutOff();
      offset += length;
      size = smallestRead;
    },
    async close() {},
  };
}

export function cutOff(): Malformed {
  return new Malformed(l10n.t('The content is cut off.'));
}
