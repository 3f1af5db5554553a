import { pipeline, Readable } from 'node:stream';
import { constants, createInflateRaw, createUnzip } from 'node:zlib';
import * as l10n from '@vscode/l10n';
import { Malformed } from '../byteCursor.ts';
import { cutOff, type ByteStream, type RangeStream } from '../byteStream.ts';
import type { Compression } from '../tensorStorage.ts';
import { unpackBzip2 } from './bzip2.ts';
import { unpackLz4 } from './lz4.ts';
import { unpackLzma } from './lzmaAlone.ts';
import { PackedInput } from './packedInput.ts';
import { unpackXz } from './xz.ts';

/** Unpacked, in bytes: more takes longer than anyone waits for a summary. */
const maxInflated = 2 ** 30;
/** Of what is unpacked by slower means than zlib. */
const maxUnpacked = 2 ** 28;
/** Nothing but repetition shrinks to less: allowed for small contents only. */
const maxRatio = 200;
const ratioFree = 64 * 2 ** 20;

const unpackers = { bz2: unpackBzip2, lz4: unpackLz4, lzma: unpackLzma, xz: unpackXz } as const;

/** What is unpacked, piece by piece. */
interface Pieces {
  next(): Promise<IteratorResult<Uint8Array>>;
  close(): Promise<void>;
}

/**
 * What a compressed stream unpacks to.
 * @param limit in bytes, for who knows how much there should be; else no more comes than a summary should take
 */
export function unpackedStream(packed: RangeStream, compression: Compression, limit?: number): ByteStream {
  let taken = 0;
  const source: ByteStream = {
    ...packed,
    async next() {
      const bytes = await packed.next();
      taken += bytes?.length ?? 0;
      return bytes;
    },
  };
  const inflates = compression === 'raw' || compression === 'headed';
  const pieces = inflates ? inflated(source, compression) : unpacked(source, compression);
  const most = inflates ? maxInflated : maxUnpacked;
  let given = 0;
  let left: Uint8Array | undefined;

  async function next(): Promise<Uint8Array | undefined> {
    if (left) {
      const bytes = left;
      left = undefined;
      return bytes;
    }
    const piece = await pieces.next();
    if (piece.done) return undefined;
    given += piece.value.length;
    const isTooMuch =
      limit === undefined ? given > most || (given > ratioFree && given > maxRatio * taken) : given > limit;
    if (isTooMuch) {
      throw new Malformed(l10n.t('The content unpacks to more than {0} bytes.', given));
    }
    return piece.value;
  }

  return {
    place: (offset, length) => ({
      kind: 'packed',
      compression,
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
      await pieces.close();
      await packed.close();
    },
  };
}

function inflated(source: ByteStream, kind: 'raw' | 'headed'): Pieces {
  // What there is of a stream that is cut off is given.
  const options = { chunkSize: 64 * 1024, finishFlush: constants.Z_SYNC_FLUSH };
  const inflate = kind === 'raw' ? createInflateRaw(options) : createUnzip(options);
  async function* bytesOf(): AsyncGenerator<Uint8Array> {
    for (let bytes = await source.next(); bytes; bytes = await source.next()) yield bytes;
  }
  // Errors reach the iterator.
  const stream = pipeline(Readable.from(bytesOf()), inflate, () => {});
  const chunks: AsyncIterator<Uint8Array> = stream[Symbol.asyncIterator]();
  return {
    next: () =>
      chunks.next().catch((error: unknown) => {
        throw isZlibError(error) ? damaged(error) : error;
      }),
    async close() {
      inflate.destroy();
    },
  };
}

function unpacked(source: ByteStream, compression: keyof typeof unpackers): Pieces {
  const pieces = unpackers[compression](new PackedInput(source));
  return {
    next: () =>
      pieces.next().catch((error: unknown) => {
        throw error instanceof Malformed && error.message === '' ? damaged(error) : error;
      }),
    async close() {
      await pieces.return(undefined);
    },
  };
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}

function damaged(cause: unknown): Malformed {
  return new Malformed(l10n.t('The compressed content is damaged.'), { cause });
}
