import { crc32 } from 'node:zlib';

/** The bytes of a pack, see docs/store.md. All numbers are little-endian. */

export const packMagic = Buffer.from('MTPACK1\0', 'latin1');
export const trailerMagic = Buffer.from('MTPKEND1', 'latin1');
export const hashBytes = 32;
export const recordHeaderBytes = 84;
export const trailerBytes = 56;

/** A block, and so what is read into memory at once, is never longer. */
export const maxBlockBytes = 1 << 20;
export const maxBlocksInPack = 1 << 17;

export const rawEncoding = 0;
export const deltaEncoding = 2;
export const spliceEncoding = 3;

/** Whether another block must be read to read one that is stored so. */
export function needsBase(encoding: number): boolean {
  return encoding === deltaEncoding || encoding === spliceEncoding;
}

const recordMagic = 0x4b4c_424d; // MBLK
export const recordMagicBytes = Buffer.from('MBLK', 'latin1');

/** What a pack says about a block. */
export interface BlockEntry {
  /** SHA-256 of the raw bytes. */
  readonly hash: Uint8Array;
  readonly encoding: number;
  /** Bytes in the pack. */
  readonly stored: number;
  /** Bytes of the block itself. */
  readonly raw: number;
  /** SHA-256 of the block that it was encoded against. */
  readonly base?: Uint8Array;
}

export function writeRecordHeader(target: Buffer, at: number, entry: BlockEntry): void {
  target.writeUInt32LE(recordMagic, at);
  target.writeUInt32LE(entry.encoding, at + 4);
  target.writeUInt32LE(entry.stored, at + 8);
  target.writeUInt32LE(entry.raw, at + 12);
  target.set(entry.hash, at + 16);
  if (entry.base) target.set(entry.base, at + 48);
  else target.fill(0, at + 48, at + 80);
  target.writeUInt32LE(crc32(target.subarray(at, at + 80)), at + 80);
}

/** The header of a record that begins at `at`; undefined when none does. */
export function readRecordHeader(bytes: Buffer, at: number): BlockEntry | undefined {
  if (at + recordHeaderBytes > bytes.length || bytes.readUInt32LE(at) !== recordMagic) return undefined;
  if (bytes.readUInt32LE(at + 80) !== crc32(bytes.subarray(at, at + 80))) return undefined;
  const encoding = bytes.readUInt32LE(at + 4);
  const entry = {
    hash: bytes.subarray(at + 16, at + 48),
    encoding,
    stored: bytes.readUInt32LE(at + 8),
    raw: bytes.readUInt32LE(at + 12),
    base: needsBase(encoding) ? bytes.subarray(at + 48, at + 80) : undefined,
  };
  return isPossible(entry) ? entry : undefined;
}

/** Whether a reader can take an entry at its word about what to allocate. */
export function isPossible({ encoding, stored, raw }: BlockEntry): boolean {
  return (
    encoding <= spliceEncoding &&
    raw > 0 &&
    raw <= maxBlockBytes &&
    stored > 0 &&
    (encoding === rawEncoding ? stored === raw : stored <= raw)
  );
}
