import { Malformed } from '../byteCursor.ts';
import { enter, readAddress, readLength, readNumber, type Hdf5File } from './file.ts';

/** A part of what is said of an object. */
export interface Message {
  readonly type: number;
  /** Of its content, in the file. */
  readonly start: number;
  readonly length: number;
}

/** What a message can be about. */
export const messageTypes = {
  dataspace: 1,
  linkInfo: 2,
  datatype: 3,
  oldFill: 4,
  fill: 5,
  link: 6,
  externalFiles: 7,
  layout: 8,
  filters: 11,
  attribute: 12,
  continuation: 16,
  symbolTable: 17,
  attributeInfo: 21,
} as const;

const maxBlocks = 10_000;
const maxMessages = 200_000;
const shared = 2;

interface Block {
  readonly start: number;
  readonly end: number;
}

interface Head {
  readonly type: number;
  readonly length: number;
  readonly flags: number;
}

/** The messages of the object at an address. */
export async function readObjectHeader(file: Hdf5File, address: number): Promise<readonly Message[]> {
  return readMessages(file, address, true);
}

/** @param follow whether a message may be in the header of another object: one step only, so that there is no circle */
async function readMessages(file: Hdf5File, address: number, follow: boolean): Promise<readonly Message[]> {
  const { cursor, base } = file;
  cursor.moveTo(base + address);
  return (await cursor.u8()) === 1 ? readOld(file, follow) : readNew(file, address, follow);
}

async function readOld(file: Hdf5File, follow: boolean): Promise<readonly Message[]> {
  const { cursor } = file;
  cursor.skip(7);
  const length = await cursor.u32();
  cursor.skip(4);
  const head = async (): Promise<Head> => {
    const type = await cursor.u16();
    const length = await cursor.u16();
    const flags = await cursor.u8();
    cursor.skip(3);
    return { type, length, flags };
  };
  return readBlocks(file, { start: cursor.offset, end: cursor.offset + length }, head, follow);
}

async function readNew(file: Hdf5File, address: number, follow: boolean): Promise<readonly Message[]> {
  const { cursor } = file;
  await enter(file, address, 'OHDR');
  const flags = await cursor.u8();
  // Times, and when attributes move elsewhere.
  cursor.skip((flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0));
  const length = (await readNumber(file, 1 << (flags & 3))) ?? Infinity;
  const head = async (): Promise<Head> => {
    const type = await cursor.u8();
    const length = await cursor.u16();
    const messageFlags = await cursor.u8();
    if (flags & 0x04) cursor.skip(2);
    return { type, length, flags: messageFlags };
  };
  return readBlocks(file, { start: cursor.offset, end: cursor.offset + length }, head, follow, 'OCHK');
}

/** @param mark that further blocks begin with; a checksum ends them then */
async function readBlocks(
  file: Hdf5File,
  first: Block,
  head: () => Promise<Head>,
  follow: boolean,
  mark?: string,
): Promise<readonly Message[]> {
  const { cursor } = file;
  const messages: Message[] = [];
  const blocks = [first];
  // Grows while it is read.
  for (const { start, end } of blocks) {
    if (end > cursor.size) throw new Malformed();
    cursor.moveTo(start);
    while (cursor.offset + (mark === undefined ? 8 : 4) <= end) {
      const { type, length, flags } = await head();
      const message = { type, start: cursor.offset, length };
      const next = cursor.offset + length;
      if (next > end || messages.length === maxMessages) throw new Malformed();
      if (type === messageTypes.continuation) blocks.push(await continuation(file, mark));
      else messages.push(flags & shared ? await resolve(file, message, follow) : message);
      cursor.moveTo(next);
    }
    if (blocks.length > maxBlocks) throw new Malformed();
  }
  return messages;
}

async function continuation(file: Hdf5File, mark: string | undefined): Promise<Block> {
  const address = await readAddress(file);
  const length = await readLength(file);
  const start = file.base + address;
  if (mark === undefined) return { start, end: start + length };
  file.cursor.moveTo(start);
  if ((await file.cursor.text(4, 4)) !== mark) throw new Malformed();
  return { start: start + 4, end: start + length - 4 };
}

/** What several objects have in common is in the header of another, such as a type that has a name. */
async function resolve(file: Hdf5File, message: Message, follow: boolean): Promise<Message> {
  const { cursor } = file;
  if (!follow) throw new Malformed();
  cursor.moveTo(message.start);
  const version = await cursor.u8();
  const kind = await cursor.u8();
  // In a heap of shared messages, which only a program that asks for it writes.
  if (version === 3 && kind === 1) throw new Malformed();
  if (version === 1) cursor.skip(6);
  const found = await readMessages(file, await readAddress(file), false);
  const target = found.find(({ type }) => type === message.type);
  if (!target) throw new Malformed();
  return target;
}
