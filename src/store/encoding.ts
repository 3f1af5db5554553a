import * as zlib from 'node:zlib';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import { guessElementBytes } from './elementGuess.ts';
import { mergePlanes, splitPlanes, xorInto, type ElementBytes } from './planes.ts';
import { unsplice } from './splice.ts';

// How a block is stored: 0 as it is; 1 byte planes, then zstd; 2 XOR with a base, then byte planes, then zstd. 3 is that of splice.ts.

/** A block as a pack has it. */
export interface StoredBlock {
  readonly encoding: number;
  /** For 1 and 2: a byte that says how long an element is, then a zstd frame. */
  readonly stored: Uint8Array;
  /** Bytes of the block itself. */
  readonly raw: number;
}

/** A block that is stored as it is. */
export function plainBlock(bytes: Uint8Array): StoredBlock {
  return { encoding: 0, stored: bytes, raw: bytes.length };
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
export function encodeBlock(raw: Uint8Array, hints: EncodeHints): StoredBlock {
  const { base, elementBytes = guessElementBytes(raw) } = hints;
  if (base && base.length !== raw.length) {
    throw new Error('A block can only be stored as the difference to one of its length.');
  }
  let best = plainBlock(raw);
  if (raw.length === 0) return best;
  const consider = (encoding: number, planes: Uint8Array): void => {
    const frame = compress(planes);
    if (1 + frame.length >= best.stored.length) return;
    const stored = Buffer.concat([Uint8Array.of(elementBytes), frame]);
    best = { encoding, stored, raw: raw.length };
  };
  const planes = splitPlanes(raw, elementBytes);
  consider(1, planes);
  if (base) {
    xorInto(planes, splitPlanes(base, elementBytes));
    consider(2, planes);
  }
  return best;
}

/**
 * Puts the bytes of a block into `target`, which is as long as they are; they are not yet verified. Takes no more memory than a few
 * times `raw`, whatever is stored.
 * @param base what the block was encoded against; not itself a difference
 * @throws TrailError `damaged`, and the target may be anything then; `refused` where Node has no zstd
 */
export function decodeBlock(block: StoredBlock, target: Uint8Array, base?: StoredBlock): void {
  const { encoding, stored, raw } = block;
  if (encoding === 0) {
    if (stored.length !== raw) throw damaged();
    target.set(stored);
  } else if (encoding === 3) {
    const bytes = base && unsplice(stored, raw, bytesOf(base));
    if (!bytes) throw damaged();
    target.set(bytes);
  } else if (encoding === 1) {
    mergePlanes(planesOf(block), elementBytesOf(block), target);
  } else if (encoding === 2 && base?.raw === raw) {
    const elementBytes = elementBytesOf(block);
    const planes = planesOf(block);
    if (base.encoding === 1 && elementBytesOf(base) === elementBytes) {
      // The planes of a difference are the difference of the planes.
      xorInto(planes, planesOf(base));
      mergePlanes(planes, elementBytes, target);
    } else {
      mergePlanes(planes, elementBytes, target);
      xorInto(target, bytesOf(base));
    }
  } else throw damaged();
}

/**
 * The same.
 * @returns false when the block is damaged
 * @throws TrailError `refused` where this Node cannot decode it
 */
export function tryDecode(block: StoredBlock, target: Uint8Array, base?: StoredBlock): boolean {
  try {
    decodeBlock(block, target, base);
    return true;
  } catch (error) {
    if (TrailError.is(error, 'damaged')) return false;
    throw error;
  }
}

/**
 * The bytes of a block, not yet verified; what is stored itself of one that is stored as it is.
 * @returns undefined when it is damaged
 * @throws TrailError `refused` where this Node cannot decode it
 */
export function decodeOrUndefined(block: StoredBlock, base?: StoredBlock): Uint8Array | undefined {
  if (block.encoding === 0 && block.stored.length === block.raw) return block.stored;
  const bytes = new Uint8Array(block.raw);
  return tryDecode(block, bytes, base) ? bytes : undefined;
}

/** Of one that was encoded against no other. */
function bytesOf(block: StoredBlock): Uint8Array {
  if (block.encoding === 0 && block.stored.length === block.raw) return block.stored;
  const bytes = new Uint8Array(block.raw);
  decodeBlock(block, bytes);
  return bytes;
}

function planesOf({ stored, raw }: StoredBlock): Uint8Array {
  return decompress(stored.subarray(1), raw);
}

function elementBytesOf({ stored: [elementBytes] }: StoredBlock): ElementBytes {
  if (elementBytes !== 1 && elementBytes !== 2 && elementBytes !== 4 && elementBytes !== 8) throw damaged();
  return elementBytes;
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

function damaged(cause?: unknown): TrailError {
  return new TrailError('damaged', l10n.t('A stored block cannot be decoded.'), { cause });
}
