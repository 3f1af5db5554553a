import * as zlib from 'node:zlib';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import { guessElementBytes } from './elementGuess.ts';
import { mergePlanes, splitPlanes, xor, type ElementBytes } from './planes.ts';
import { unsplice } from './splice.ts';

/** How a block is stored: 0 as it is; 1 byte planes, then zstd; 2 XOR with a base, then byte planes, then zstd. 3 is that of splice.ts. */
export type Encoding = 0 | 1 | 2;

export interface EncodedBlock {
  readonly encoding: Encoding;
  /** For 1 and 2: a byte that says how long an element is, then a zstd frame. */
  readonly stored: Uint8Array;
}

export interface EncodeHints {
  /** Guessed by the bytes where nothing is known. */
  readonly elementBytes?: ElementBytes;
  /** The same tensor's block in the parent version, of the same length. */
  readonly base?: Uint8Array;
}

/** On byte planes, higher levels are slower and no smaller. */
const level = 1;
/** Room for what zstd adds to bytes that do not compress, so that one buffer takes its output. */
const slack = 1024;

/** The smallest way to store a block. What it gives back may be `raw` itself. @throws TrailError `refused` where Node has no zstd */
export function encodeBlock(raw: Uint8Array, hints: EncodeHints): EncodedBlock {
  const { base, elementBytes = guessElementBytes(raw) } = hints;
  if (base && base.length !== raw.length) {
    throw new TrailError(
      'usage',
      l10n.t('A block can only be stored as the difference to one of its length.'),
    );
  }
  let best: EncodedBlock = { encoding: 0, stored: raw };
  if (raw.length === 0) return best;
  const consider = (encoding: Encoding, bytes: Uint8Array): void => {
    const frame = compress(splitPlanes(bytes, elementBytes));
    if (1 + frame.length >= best.stored.length) return;
    best = { encoding, stored: Buffer.concat([Uint8Array.of(elementBytes), frame]) };
  };
  consider(1, raw);
  if (base) consider(2, xor(raw, base));
  return best;
}

/**
 * The bytes of a block, which are not yet verified; may be `stored` itself. Takes no more memory than a few times `rawLength`,
 * whatever is in `stored`.
 * @throws TrailError `damaged`; `refused` where Node has no zstd
 */
export function decodeBlock(
  encoding: number,
  stored: Uint8Array,
  rawLength: number,
  base?: Uint8Array,
): Uint8Array {
  if (encoding === 0) {
    if (stored.length !== rawLength) throw damaged();
    return stored;
  }
  if (encoding === 3) {
    const bytes = base && unsplice(stored, rawLength, base);
    if (!bytes) throw damaged();
    return bytes;
  }
  const elementBytes = stored[0];
  if ((encoding !== 1 && encoding !== 2) || !isElementBytes(elementBytes)) throw damaged();
  if (encoding === 2 && base?.length !== rawLength) throw damaged();
  const planes = decompress(stored.subarray(1), rawLength);
  const bytes = mergePlanes(planes, elementBytes);
  return encoding === 2 && base ? xor(bytes, base) : bytes;
}

function compress(bytes: Uint8Array): Uint8Array {
  needZstd();
  return zlib.zstdCompressSync(bytes, {
    params: { [zlib.constants.ZSTD_c_compressionLevel]: level },
    // Then a reader needs no larger window than the block.
    pledgedSrcSize: bytes.length,
    chunkSize: bytes.length + slack,
  });
}

function decompress(frame: Uint8Array, length: number): Uint8Array {
  needZstd();
  let bytes: Uint8Array;
  try {
    bytes = zlib.zstdDecompressSync(frame, {
      params: { [zlib.constants.ZSTD_d_windowLogMax]: Math.max(10, Math.ceil(Math.log2(length))) },
      maxOutputLength: length,
      chunkSize: length + slack,
    });
  } catch (error) {
    throw damaged(error);
  }
  if (bytes.length !== length) throw damaged();
  return bytes;
}

function needZstd(): void {
  if (typeof zlib.zstdCompressSync === 'function') return;
  const message = l10n.t(
    'Packed versions need zstd, which Node {0} lacks. Use Node 22.15 or later.',
    process.versions.node,
  );
  throw new TrailError('refused', message);
}

function isElementBytes(value: number | undefined): value is ElementBytes {
  return value === 1 || value === 2 || value === 4 || value === 8;
}

function damaged(cause?: unknown): TrailError {
  return new TrailError('damaged', l10n.t('A stored block cannot be decoded.'), { cause });
}
