import { Malformed } from '../byteCursor.ts';
import { elementTexts } from '../elementTexts.ts';
import { elementCount } from '../numberText.ts';
import { walkBtree2 } from './btree2.ts';
import { readDataspace } from './dataspace.ts';
import { readDatatype, type Datatype } from './datatype.ts';
import { enter, keepText, readLength, readNumber, type Hdf5File } from './file.ts';
import { enterObject, openFractalHeap } from './fractalHeap.ts';
import { messageTypes, type Message } from './objectHeader.ts';

/** By name, as text; of a list its items. What is neither text nor number is left out. */
export type Attributes = ReadonlyMap<string, string | readonly string[]>;

const maxName = 64 * 1024;
/** Keras keeps the whole configuration of a model in one. */
const maxText = 8 * 2 ** 20;
const maxItems = 10_000;
/** Version 3 may have a type that is shared. */
const sharedType = 1;

/** @throws Malformed */
export async function readAttributes(file: Hdf5File, messages: readonly Message[]): Promise<Attributes> {
  const attributes = new Map<string, string | readonly string[]>();
  const read = async (length: number): Promise<void> => {
    const attribute = await readAttribute(file, length);
    if (attribute?.value !== undefined) attributes.set(attribute.name, attribute.value);
  };
  for (const { type, start, length } of messages) {
    file.cursor.moveTo(start);
    if (type === messageTypes.attribute) await read(length);
    else if (type === messageTypes.attributeInfo) await readDense(file, read);
  }
  return attributes;
}

/** Many attributes are kept in a heap, and found by a tree. */
async function readDense(file: Hdf5File, read: (length: number) => Promise<void>): Promise<void> {
  const { cursor } = file;
  cursor.skip(1);
  if ((await cursor.u8()) & 1) cursor.skip(2);
  const heapAddress = await readNumber(file, file.offsetBytes);
  const tree = await readNumber(file, file.offsetBytes);
  if (heapAddress === undefined || tree === undefined) return;
  const heap = await openFractalHeap(file, heapAddress);
  if (!heap) return;
  await walkBtree2(file, tree, async () => {
    const length = await enterObject(heap);
    if (length !== undefined) await read(length);
  });
}

interface Attribute {
  readonly name: string;
  readonly value?: string | readonly string[];
}

async function readAttribute(file: Hdf5File, length: number): Promise<Attribute | undefined> {
  const { cursor } = file;
  const end = cursor.offset + length;
  const version = await cursor.u8();
  const flags = await cursor.u8();
  if (version < 1 || version > 3) throw new Malformed();
  const nameLength = await cursor.u16();
  const typeLength = await cursor.u16();
  const spaceLength = await cursor.u16();
  if (version === 3) cursor.skip(1);
  // In the first version all parts are filled up to a multiple of 8.
  const filled = (length: number): number => (version === 1 ? 8 * Math.ceil(length / 8) : length);
  const nameStart = cursor.offset;
  const name = (await cursor.text(nameLength, maxName)).replace(/\0.*$/s, '');
  if (version > 1 && flags & sharedType) return undefined;
  const typeStart = nameStart + filled(nameLength);
  cursor.moveTo(typeStart);
  const type = await readDatatype(file);
  const spaceStart = typeStart + filled(typeLength);
  const { shape } = await readDataspace(file, {
    type: messageTypes.dataspace,
    start: spaceStart,
    length: spaceLength,
  });
  const start = spaceStart + filled(spaceLength);
  const count = shape && elementCount(shape);
  if (count === undefined || count > maxItems || start + count * type.bytes > end) return { name };
  const values = await readValues(file, type, start, count);
  return { name, value: shape?.length === 0 ? values?.[0] : values };
}

async function readValues(
  file: Hdf5File,
  type: Datatype,
  start: number,
  count: number,
): Promise<readonly string[] | undefined> {
  const { cursor } = file;
  cursor.moveTo(start);
  if (type.text === undefined) {
    if (type.inner || type.bigEndian) return undefined;
    return elementTexts(type.name, await cursor.bytes(count * type.bytes, maxText));
  }
  const texts: string[] = [];
  for (let i = 0; i < count; i++) {
    cursor.moveTo(start + i * type.bytes);
    const length = type.text === 'heap' ? await enterHeap(file) : type.bytes;
    keepText(file, length);
    texts.push((await cursor.text(length, maxText)).replace(/\0.*$/s, ''));
  }
  return texts;
}

/** Moves the cursor from a reference to what it refers to, in a heap of its own. @returns how long that is */
async function enterHeap(file: Hdf5File): Promise<number> {
  const { cursor } = file;
  const length = await cursor.u32();
  const address = await readNumber(file, file.offsetBytes);
  const wanted = await cursor.u32();
  if (length === 0 || address === undefined || address === 0) return 0;
  await enter(file, address, 'GCOL');
  cursor.skip(3);
  const end = file.base + address + (await readLength(file));
  while (cursor.offset + 8 + file.lengthBytes <= end) {
    const index = await cursor.u16();
    cursor.skip(6);
    const size = await readLength(file);
    if (index === wanted && size >= length) return length;
    // The free space ends the heap.
    if (index === 0) break;
    cursor.skip(8 * Math.ceil(size / 8));
  }
  throw new Malformed();
}
