import { createHash } from 'node:crypto';
import { Malformed, type ByteCursor } from '../byteCursor.ts';
import { float32Text } from '../numberText.ts';
import type { SummaryDraft } from '../summaryDraft.ts';

/** Reads what the versions of GGUF write in different ways. */
export interface GgufFile {
  readonly cursor: ByteCursor;
  readonly draft: SummaryDraft;
  /** Of a length, a count or a dimension: 4 bytes in version 1, 8 since. */
  readonly lengthBytes: 4 | 8;
}

export const maxName = 64 * 1024;
/** The largest chat templates and licences have some ten thousand characters. */
const maxString = 4 * 2 ** 20;
/** Lists up to this length are shown whole. */
const maxShown = 64;
const maxNesting = 4;
/** Of lists that are hashed; the largest vocabularies have some ten megabytes. */
const maxHashed = 96 * 2 ** 20;
const chunk = 2 ** 20;

const stringType = 8;
const arrayType = 9;

interface Scalar {
  readonly name: string;
  readonly bytes: 1 | 2 | 4 | 8;
  readonly text: (view: DataView, at: number, littleEndian: boolean) => string;
}

const scalars: ReadonlyMap<number, Scalar> = new Map<number, Scalar>([
  [0, { name: 'u8', bytes: 1, text: (view, at) => String(view.getUint8(at)) }],
  [1, { name: 'i8', bytes: 1, text: (view, at) => String(view.getInt8(at)) }],
  [2, { name: 'u16', bytes: 2, text: (view, at, little) => String(view.getUint16(at, little)) }],
  [3, { name: 'i16', bytes: 2, text: (view, at, little) => String(view.getInt16(at, little)) }],
  [4, { name: 'u32', bytes: 4, text: (view, at, little) => String(view.getUint32(at, little)) }],
  [5, { name: 'i32', bytes: 4, text: (view, at, little) => String(view.getInt32(at, little)) }],
  [6, { name: 'f32', bytes: 4, text: (view, at, little) => float32Text(view.getFloat32(at, little)) }],
  [7, { name: 'bool', bytes: 1, text: (view, at) => String(view.getUint8(at) !== 0) }],
  [10, { name: 'u64', bytes: 8, text: (view, at, little) => String(view.getBigUint64(at, little)) }],
  [11, { name: 'i64', bytes: 8, text: (view, at, little) => String(view.getBigInt64(at, little)) }],
  [12, { name: 'f64', bytes: 8, text: (view, at, little) => String(view.getFloat64(at, little)) }],
]);

export async function readLength({ cursor, lengthBytes }: GgufFile): Promise<number> {
  return lengthBytes === 4 ? cursor.u32() : cursor.u64();
}

export async function readString(file: GgufFile, max: number): Promise<string> {
  return file.draft.text(file.cursor, await readLength(file), max);
}

/** A value as text; of a long list its type, its length and the beginning of its SHA-256. @throws Malformed */
export async function readValue(file: GgufFile, type: number): Promise<string> {
  if (type === stringType) return readString(file, maxString);
  if (type !== arrayType) return (await readScalars(file, type, 1)).join('');
  const { cursor } = file;
  const element = await cursor.u32();
  const count = await readLength(file);
  const scalar = scalars.get(element);
  if (scalar && count <= maxShown) return `[${(await readScalars(file, element, count)).join(', ')}]`;
  if (element === stringType && count <= maxShown) return `[${(await readStrings(file, count)).join(', ')}]`;
  const start = cursor.offset;
  await skipValues(file, element, count, 0);
  const name = scalar?.name ?? (element === stringType ? 'string' : 'array');
  return `${name}[${count}] sha256 ${await digest(cursor, start)}`;
}

async function readScalars({ cursor }: GgufFile, type: number, count: number): Promise<string[]> {
  const scalar = scalars.get(type);
  if (!scalar) throw new Malformed();
  const length = scalar.bytes * count;
  const { buffer } = await cursor.bytes(length, length);
  const view = new DataView(buffer);
  return Array.from({ length: count }, (_, i) => scalar.text(view, i * scalar.bytes, cursor.littleEndian));
}

async function readStrings(file: GgufFile, count: number): Promise<string[]> {
  const strings: string[] = [];
  for (let i = 0; i < count; i++) strings.push(JSON.stringify(await readString(file, maxString)));
  return strings;
}

async function skipValues(file: GgufFile, type: number, count: number, depth: number): Promise<void> {
  const scalar = scalars.get(type);
  if (scalar) file.cursor.skip(scalar.bytes * count);
  else if (type === stringType) await skipStrings(file, count);
  else if (type === arrayType && depth < maxNesting) {
    for (let i = 0; i < count; i++) {
      const element = await file.cursor.u32();
      await skipValues(file, element, await readLength(file), depth + 1);
    }
  } else throw new Malformed();
}

/** A vocabulary has hundreds of thousands of strings: in pieces, because a step of the cursor for each would take too long. */
async function skipStrings({ cursor, lengthBytes }: GgufFile, count: number): Promise<void> {
  const end = cursor.offset + maxHashed;
  let left = count;
  while (left > 0) {
    const start = cursor.offset;
    const { buffer } = await cursor.bytes(Math.min(chunk, cursor.size - start), chunk);
    const view = new DataView(buffer);
    let at = 0;
    for (; left > 0 && at + lengthBytes <= view.byteLength; left--) {
      const length =
        lengthBytes === 4
          ? view.getUint32(at, cursor.littleEndian)
          : Number(view.getBigUint64(at, cursor.littleEndian));
      at += lengthBytes + length;
    }
    // No progress: the file ends inside a length.
    if (at === 0 || start + at > end) throw new Malformed();
    cursor.moveTo(start + at);
  }
}

/** The beginning of the SHA-256 of what lies between `start` and the cursor. */
async function digest(cursor: ByteCursor, start: number): Promise<string> {
  const end = cursor.offset;
  if (end - start > maxHashed) return 'not computed';
  const hash = createHash('sha256');
  cursor.moveTo(start);
  while (cursor.offset < end) hash.update(await cursor.bytes(Math.min(chunk, end - cursor.offset), chunk));
  return hash.digest('hex').slice(0, 16);
}
