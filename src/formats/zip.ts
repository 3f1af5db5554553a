import { Malformed, type ByteCursor } from './byteCursor.ts';

/** A member of a ZIP archive, as the central directory tells it. */
export interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly flags: number;
  readonly crc32: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Of the local header, in the file. */
  readonly headerOffset: number;
}

export interface ZipDirectory {
  readonly entries: readonly ZipEntry[];
  /** False when the list breaks off: there may be more. */
  readonly complete: boolean;
}

const endSignature = 0x06054b50;
const endLength = 22;
const longestComment = 65_535;
const locatorSignature = 0x07064b50;
const locatorLength = 20;
const end64Signature = 0x06064b50;
const entrySignature = 0x02014b50;
/** What can follow the entries: an end record, or a digital signature. */
const afterEntries: ReadonlySet<number> = new Set([endSignature, end64Signature, 0x05054b50]);
const localSignature = 0x04034b50;
const maxEntries = 200_000;
const in64 = 0xffffffff;

/** Reads the list of members; as lenient as the readers of frameworks. @throws Malformed when the file does not end as an archive */
export async function readZipDirectory(cursor: ByteCursor): Promise<ZipDirectory> {
  const { start, shift } = await findDirectory(cursor);
  const entries: ZipEntry[] = [];
  cursor.moveTo(start);
  try {
    let signature = await cursor.u32();
    while (signature === entrySignature && entries.length < maxEntries) {
      entries.push(await readEntry(cursor, shift));
      signature = await cursor.u32();
    }
    return { entries, complete: afterEntries.has(signature) };
  } catch (error) {
    if (error instanceof Malformed) return { entries, complete: false };
    throw error;
  }
}

/** Whether a file begins as an archive that is not empty. */
export function isZip(cursor: ByteCursor): Promise<boolean> {
  return isAt(cursor, 0, localSignature);
}

/** Whether such a file ends as one too. The end of an archive within it, with more behind, is not its own. */
export async function hasZipEnd(cursor: ByteCursor): Promise<boolean> {
  try {
    const { shift, end } = await findDirectory(cursor);
    return shift <= 0 || end === cursor.size;
  } catch (error) {
    if (error instanceof Malformed) return false;
    throw error;
  }
}

/** Where the bytes of a member begin: its local header says how long it is itself. @throws Malformed */
export async function zipDataOffset(cursor: ByteCursor, entry: ZipEntry): Promise<number> {
  cursor.moveTo(entry.headerOffset);
  if ((await cursor.u32()) !== localSignature) throw new Malformed();
  cursor.skip(22);
  const nameLength = await cursor.u16();
  const extraLength = await cursor.u16();
  return cursor.offset + nameLength + extraLength;
}

interface Directory {
  readonly start: number;
  /** How far all offsets are off: what a file that is two things at once has in front of the archive. */
  readonly shift: number;
  /** Where the archive ends. */
  readonly end: number;
}

async function findDirectory(cursor: ByteCursor): Promise<Directory> {
  const endRecord = await findEnd(cursor);
  cursor.moveTo(endRecord + 12);
  let size = await cursor.u32();
  let offset = await cursor.u32();
  const end = endRecord + endLength + (await cursor.u16());
  let after = endRecord;
  const end64 = await findEnd64(cursor, endRecord);
  if (end64 !== undefined) {
    cursor.moveTo(end64 + 40);
    size = await cursor.u64();
    offset = await cursor.u64();
    after = end64;
  }
  const start = after - size;
  // Empty, or where it should be.
  if (size === 0 || (start >= 0 && (await isAt(cursor, start, entrySignature)))) {
    return { start, shift: start - offset, end };
  }
  return { start: offset, shift: 0, end };
}

/** The end record, looked for backwards, because a comment of any length may follow it. */
async function findEnd(cursor: ByteCursor): Promise<number> {
  const length = Math.min(cursor.size, endLength + longestComment);
  const start = cursor.size - length;
  cursor.moveTo(start);
  const tail = Buffer.from(await cursor.bytes(length, length));
  for (let at = length - endLength; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== endSignature) continue;
    if (at + endLength + tail.readUInt16LE(at + 20) <= length) return start + at;
  }
  throw new Malformed();
}

async function findEnd64(cursor: ByteCursor, end: number): Promise<number | undefined> {
  const locator = end - locatorLength;
  if (locator < 0 || !(await isAt(cursor, locator, locatorSignature))) return undefined;
  cursor.moveTo(locator + 8);
  const told = await cursor.u64();
  // Right before its locator, where something stands in front of the archive; it is 56 bytes long unless it has extensions.
  for (const at of [told, locator - 56]) if (await isAt(cursor, at, end64Signature)) return at;
  return undefined;
}

async function isAt(cursor: ByteCursor, offset: number, signature: number): Promise<boolean> {
  if (offset < 0 || offset + 4 > cursor.size) return false;
  cursor.moveTo(offset);
  return (await cursor.u32()) === signature;
}

/** The rest of an entry, after its signature. */
async function readEntry(cursor: ByteCursor, shift: number): Promise<ZipEntry> {
  cursor.skip(4);
  const flags = await cursor.u16();
  const method = await cursor.u16();
  cursor.skip(4);
  const crc32 = await cursor.u32();
  let compressedSize = await cursor.u32();
  let size = await cursor.u32();
  const nameLength = await cursor.u16();
  const extraLength = await cursor.u16();
  const commentLength = await cursor.u16();
  cursor.skip(8);
  let headerOffset = await cursor.u32();
  const name = await cursor.text(nameLength, nameLength);
  const extraEnd = cursor.offset + extraLength;
  if (size === in64 || compressedSize === in64 || headerOffset === in64) {
    if (await findExtra64(cursor, extraEnd)) {
      if (size === in64) size = await cursor.u64();
      if (compressedSize === in64) compressedSize = await cursor.u64();
      if (headerOffset === in64) headerOffset = await cursor.u64();
    }
  }
  cursor.moveTo(extraEnd + commentLength);
  return { name, method, flags, crc32, compressedSize, size, headerOffset: headerOffset + shift };
}

/** Moves into the extra field that holds the numbers of more than 32 bits. */
async function findExtra64(cursor: ByteCursor, end: number): Promise<boolean> {
  while (cursor.offset + 4 <= end) {
    const id = await cursor.u16();
    const length = await cursor.u16();
    if (id === 1) return true;
    cursor.skip(length);
  }
  return false;
}
