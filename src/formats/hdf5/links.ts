import { Malformed } from '../byteCursor.ts';
import { walkBtree2 } from './btree2.ts';
import { enter, readAddress, readLength, readNumber, type Hdf5File } from './file.ts';
import { enterObject, openFractalHeap } from './fractalHeap.ts';
import { messageTypes, type Message } from './objectHeader.ts';

/** A member of a group. */
export interface Link {
  readonly name: string;
  /** Of the header of the object; absent for a name that stands for another, or for something in another file. */
  readonly address?: number;
  readonly isExternal?: boolean;
}

const maxLinks = 200_000;
const maxName = 64 * 1024;
const maxDepth = 32;
const softCache = 2;
const external = 64;

/** The members of a group, in the order of its own; none of what is no group. @throws Malformed */
export async function readLinks(file: Hdf5File, messages: readonly Message[]): Promise<readonly Link[]> {
  const links: Link[] = [];
  const add = (link: Link): void => {
    if (links.length === maxLinks) throw new Malformed();
    links.push(link);
  };
  for (const message of messages) {
    file.cursor.moveTo(message.start);
    if (message.type === messageTypes.symbolTable) await readSymbolTable(file, add);
    else if (message.type === messageTypes.link) add(await readLink(file));
    else if (message.type === messageTypes.linkInfo) await readDense(file, add);
  }
  return links;
}

async function readLink(file: Hdf5File): Promise<Link> {
  const { cursor } = file;
  cursor.skip(1);
  const flags = await cursor.u8();
  const kind = flags & 0x08 ? await cursor.u8() : 0;
  if (flags & 0x04) cursor.skip(8);
  if (flags & 0x10) cursor.skip(1);
  const length = (await readNumber(file, 1 << (flags & 3))) ?? Infinity;
  const name = await cursor.text(length, maxName);
  if (kind !== 0) return { name, isExternal: kind === external };
  return { name, address: await readAddress(file) };
}

/** Many links are kept in a heap, and found by a tree. */
async function readDense(file: Hdf5File, add: (link: Link) => void): Promise<void> {
  const { cursor } = file;
  cursor.skip(1);
  const flags = await cursor.u8();
  if (flags & 1) cursor.skip(8);
  const heapAddress = await readNumber(file, file.offsetBytes);
  const tree = await readNumber(file, file.offsetBytes);
  if (heapAddress === undefined || tree === undefined) return;
  const heap = await openFractalHeap(file, heapAddress);
  if (!heap) return;
  await walkBtree2(file, tree, async () => {
    // The hash of the name.
    cursor.skip(4);
    if ((await enterObject(heap)) === undefined) throw new Malformed();
    add(await readLink(file));
  });
}

/** As groups were written at first: a tree of nodes of names, which are in a heap. */
async function readSymbolTable(file: Hdf5File, add: (link: Link) => void): Promise<void> {
  const { cursor } = file;
  const tree = await readAddress(file);
  await enter(file, await readAddress(file), 'HEAP');
  cursor.skip(3);
  const heapLength = await readLength(file);
  cursor.skip(file.lengthBytes);
  const heapStart = file.base + (await readAddress(file));
  let left = maxLinks;

  async function visit(address: number, depth: number): Promise<void> {
    if (depth > maxDepth || left-- === 0) throw new Malformed();
    await enter(file, address, 'TREE');
    const level = await cursor.u8();
    const count = await cursor.u16();
    cursor.skip(2 * file.offsetBytes);
    const children: number[] = [];
    for (let i = 0; i < count; i++) {
      cursor.skip(file.lengthBytes);
      children.push(await readAddress(file));
    }
    for (const child of children) await (level === 0 ? readNode(child) : visit(child, depth + 1));
  }

  async function readNode(address: number): Promise<void> {
    await enter(file, address, 'SNOD');
    cursor.skip(1);
    const count = await cursor.u16();
    const entries: { readonly at: number; readonly address: number | undefined }[] = [];
    for (let i = 0; i < count; i++) {
      const at = await readLength(file);
      const address = await readNumber(file, file.offsetBytes);
      const isSoft = (await cursor.u32()) === softCache;
      cursor.skip(20);
      entries.push({ at, address: isSoft ? undefined : address });
    }
    for (const { at, address } of entries) add({ name: await nameAt(at), address });
  }

  async function nameAt(at: number): Promise<string> {
    if (at >= heapLength) throw new Malformed();
    cursor.moveTo(heapStart + at);
    const length = Math.min(maxName, heapLength - at, cursor.size - cursor.offset);
    const bytes: number[] = [];
    for (let byte = 1; bytes.length < length; bytes.push(byte)) {
      byte = await cursor.u8();
      if (byte === 0) return Buffer.from(bytes).toString();
    }
    throw new Malformed();
  }

  await visit(tree, 0);
}
