import { Malformed, type ByteCursor } from '../byteCursor.ts';
import { maxRanges, type AddRange, type ElementBytes } from './range.ts';

/** Of the types that are not quantised: F32, F16, I8, I16, I32, I64, F64, BF16. */
const elementBytes: ReadonlyMap<number, ElementBytes> = new Map([
  [0, 4],
  [1, 2],
  [24, 1],
  [25, 2],
  [26, 4],
  [27, 8],
  [28, 8],
  [30, 2],
]);

/** Bytes of the value types of metadata; 8 is a string, 9 an array. */
const valueBytes: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [1, 1],
  [2, 2],
  [3, 2],
  [4, 4],
  [5, 4],
  [6, 4],
  [7, 1],
  [10, 8],
  [11, 8],
  [12, 8],
]);
const stringType = 8;
const arrayType = 9;

const maxName = 64 * 1024;
const maxDimensions = 8;
const maxNesting = 4;
const maxAlignment = 2 ** 20;

interface Reader {
  readonly cursor: ByteCursor;
  /** Counts and lengths: 32 bits in the first version, 64 since. */
  readonly length: () => Promise<number>;
}

export async function ggufRanges(cursor: ByteCursor, add: AddRange): Promise<void> {
  cursor.moveTo(4);
  const version = await cursor.u32();
  // Nothing but the version tells the byte order.
  if ((version & 0xffff) === 0) cursor.littleEndian = false;
  const first = version === 1 || version === 0x01000000;
  const reader: Reader = { cursor, length: () => (first ? cursor.u32() : cursor.u64()) };
  const tensors = await reader.length();
  if (tensors > maxRanges) throw new Malformed();
  const alignment = await readMetadata(reader);
  const infos: { name: string; offset: number; type: number }[] = [];
  for (let i = 0; i < tensors; i++) {
    const name = await cursor.text(await reader.length(), maxName);
    const dimensions = await cursor.u32();
    if (dimensions > maxDimensions) throw new Malformed();
    cursor.skip(dimensions * (first ? 4 : 8));
    const type = await cursor.u32();
    infos.push({ name, type, offset: await cursor.u64() });
  }
  const dataStart = Math.ceil(cursor.offset / alignment) * alignment;
  infos.sort((a, b) => a.offset - b.offset);
  // Up to the next one, so that types which are not known yet have a length too.
  for (const [i, { name, type, offset }] of infos.entries()) {
    const end = infos[i + 1]?.offset ?? cursor.size - dataStart;
    const start = dataStart + offset;
    add({ name, start, length: end - offset, elementBytes: elementBytes.get(type) ?? 1 });
  }
}

/** Passes over the metadata. @returns the alignment of tensors */
async function readMetadata(reader: Reader): Promise<number> {
  const { cursor } = reader;
  let alignment = 32;
  const count = await reader.length();
  for (let i = 0; i < count; i++) {
    const key = await cursor.text(await reader.length(), maxName);
    const type = await cursor.u32();
    if (key === 'general.alignment' && type === 4) alignment = await cursor.u32();
    else await skipValues(reader, type, 1, 0);
  }
  if (alignment === 0 || alignment > maxAlignment) throw new Malformed();
  return alignment;
}

async function skipValues(reader: Reader, type: number, count: number, depth: number): Promise<void> {
  const { cursor } = reader;
  const bytes = valueBytes.get(type);
  if (bytes !== undefined) return cursor.skip(bytes * count);
  if (type === stringType) {
    for (let i = 0; i < count; i++) cursor.skip(await reader.length());
  } else if (type === arrayType && depth < maxNesting) {
    for (let i = 0; i < count; i++) {
      const element = await cursor.u32();
      await skipValues(reader, element, await reader.length(), depth + 1);
    }
  } else throw new Malformed();
}
