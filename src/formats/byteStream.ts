import { pipeline, Readable } from 'node:stream';
import { constants, createInflateRaw, createUnzip } from 'node:zlib';
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

/** Unpacked, in bytes: more takes longer than anyone waits for a summary. */
const maxUnpacked = 2 ** 30;
/** Nothing but repetition shrinks to less: allowed for small contents only. */
const maxRatio = 200;
const ratioFree = 64 * 2 ** 20;

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

/**
 * What a compressed stream unpacks to: `raw` as in ZIP archives, else with the head of zlib or gzip.
 * @param limit in bytes, for who knows how much there should be; else no more comes than a summary should take
 */
export function inflatedStream(packed: RangeStream, kind: 'raw' | 'headed', limit?: number): ByteStream {
  let taken = 0;
  async function* source(): AsyncGenerator<Uint8Array> {
    for (let bytes = await packed.next(); bytes; bytes = await packed.next()) {
      taken += bytes.length;
      yield bytes;
    }
  }
  // What there is of a stream that is cut off is given.
  const options = { chunkSize: 64 * 1024, finishFlush: constants.Z_SYNC_FLUSH };
  const inflate = kind === 'raw' ? createInflateRaw(options) : createUnzip(options);
  // Errors reach the iterator below.
  const unpacked = pipeline(Readable.from(source()), inflate, () => {});
  const chunks: AsyncIterator<Uint8Array> = unpacked[Symbol.asyncIterator]();
  let given = 0;
  let left: Uint8Array | undefined;

  async function next(): Promise<Uint8Array | undefined> {
    if (left) {
      const bytes = left;
      left = undefined;
      return bytes;
    }
    const chunk = await chunks.next().catch((error: unknown) => {
      throw isZlibError(error)
        ? new Malformed(l10n.t('The compressed content is damaged.'), { cause: error })
        : error;
    });
    if (chunk.done) return undefined;
    given += chunk.value.length;
    const isTooMuch =
      limit === undefined
        ? given > maxUnpacked || (given > ratioFree && given > maxRatio * taken)
        : given > limit;
    if (isTooMuch) {
      throw new Malformed(l10n.t('The content unpacks to more than {0} bytes.', given));
    }
    return chunk.value;
  }

  return {
    place: (offset, length) => ({
      kind: 'packed',
      compression: kind,
      packedOffset: packed.start,
      packedLength: packed.length,
      offset,
      length,
    }),
    next,
    async skip(length) {
      for (let rest = length; rest > 0;) {
        const bytes = await next();
        if (!bytes) throw cutOff();
        if (bytes.length > rest) left = bytes.subarray(rest);
        rest -= bytes.length;
      }
    },
    async close() {
      inflate.destroy();
      await packed.close();
    },
  };
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}

export function cutOff(): Malformed {
  return new Malformed(l10n.t('The content is cut off.'));
}
