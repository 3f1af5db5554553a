import { hashPartsTogether } from '../files/partHashes.ts';
import { readBlock } from './blockReader.ts';
import type { BlocksInFile, WantedInFile } from './blocksInFile.ts';
import { decodeTogether, expectToDecode } from './decodeWorker.ts';
import type { StoredBlock } from './encoding.ts';
import { hashBytes, needsBase, rawEncoding } from './packFormat.ts';
import type { PackReader, Wanted } from './packReader.ts';
import type { Packs } from './packs.ts';
import type { Recipe } from './recipe.ts';
import { Room } from './room.ts';

/** A part of a content that is not what it should be, in bytes. */
export interface DamagedRange {
  readonly from: number;
  readonly to: number;
}

/** Where blocks are read. */
export interface BlockSource {
  readonly packs: Packs;
  readonly reader: PackReader;
  readonly file: BlocksInFile | undefined;
}

/** For one window at a time. */
export interface WindowMemory {
  readonly bytes: Uint8Array;
  /** For what is stored of its blocks, and of what they are the difference to. */
  readonly stored: Room;
}

export function memoryFor(size: number): WindowMemory {
  return { bytes: new Uint8Array(new SharedArrayBuffer(size)), stored: new Room(2 * size) };
}

/** The blocks of a window. */
export interface WindowSpan {
  readonly from: number;
  readonly first: number;
  readonly end: number;
  readonly length: number;
}

/** Some blocks of a content, one behind the other. */
interface Window {
  readonly from: number;
  readonly bytes: Uint8Array;
  readonly blocks: readonly WindowBlock[];
  /** The numbers of blocks that could not be read where they are. */
  readonly failed: ReadonlySet<number>;
  /** Whether what was wanted from the file was read from it. */
  readonly isFileRead: boolean;
}

/** Instead of a block's number: it is nowhere, or in the file. */
const nowhere = -1;
const inFile = -2;

interface WindowBlock {
  readonly hash: Uint8Array;
  /** Where it goes. */
  readonly target: Uint8Array;
  /** Its number in the table; where it is not read from a pack, one of those below. */
  readonly block: number;
  readonly encoding: number;
  /** What was read of it; `target` itself for a raw one. */
  readonly stored: Uint8Array;
  readonly base?: StoredBlock & { readonly block: number };
}

/** Reads the blocks of a window, and says which are not what they should be. */
export async function readWindow(
  source: BlockSource,
  recipe: Recipe,
  span: WindowSpan,
  memory: WindowMemory,
): Promise<CheckedWindow> {
  return checkWindow(await fetchWindow(source, recipe, span, memory));
}

async function fetchWindow(
  { packs, reader, file }: BlockSource,
  recipe: Recipe,
  { from, first, end, length }: WindowSpan,
  memory: WindowMemory,
): Promise<Window> {
  const blocks: WindowBlock[] = [];
  const wanted: Wanted[] = [];
  const bases: Wanted[] = [];
  const fromFile: WantedInFile[] = [];
  let at = 0;
  let rescanned = false;
  for (let number = first; number < end; number++) {
    const hash = recipe.hashAt(number);
    const target = memory.bytes.subarray(at, (at += recipe.lengthAt(number)));
    const place = file?.placeOf(hash);
    if (place !== undefined) {
      fromFile.push({ at: place, target });
      blocks.push({ hash, target, block: inFile, encoding: rawEncoding, stored: target });
      continue;
    }
    let block = packs.find(hash);
    if (block < 0 && !rescanned) {
      rescanned = true;
      await packs.scan();
      block = packs.find(hash);
    }
    const entry = block >= 0 ? packs.table.at(block) : undefined;
    if (entry?.raw !== target.length) {
      blocks.push({ hash, target, block: nowhere, encoding: rawEncoding, stored: target });
      continue;
    }
    const isRaw = entry.encoding === rawEncoding;
    const stored = isRaw ? target : memory.stored.take(entry.stored);
    if (!isRaw) expectToDecode(recipe.size);
    wanted.push({ block, target: stored });
    const base = entry.base && baseOf(packs, entry.base, memory.stored);
    if (base) bases.push({ block: base.block, target: base.stored });
    blocks.push({ hash, target, block, encoding: entry.encoding, stored, base });
  }
  const [failed, failedBases, isFileRead = true] = await Promise.all([
    reader.read(wanted),
    reader.read(bases),
    file?.read(fromFile),
  ]);
  return {
    from,
    bytes: memory.bytes.subarray(0, length),
    blocks,
    failed: new Set([...failed, ...failedBases]),
    isFileRead,
  };
}

/** A copy of a block that can be read without another, and room for what is stored of it. */
function baseOf(packs: Packs, hash: Uint8Array, room: Room): WindowBlock['base'] {
  for (let block = packs.find(hash); block >= 0; block = packs.find(hash, block)) {
    const { encoding, raw, stored } = packs.table.at(block);
    if (!needsBase(encoding)) return { block, encoding, raw, stored: room.take(stored) };
  }
  return undefined;
}

/** A window in which all is in its place, but for some blocks. */
export interface CheckedWindow extends Window {
  readonly bad: ReadonlySet<WindowBlock>;
}

async function checkWindow(window: Window): Promise<CheckedWindow> {
  const bad = new Set(window.blocks.filter((block) => !wasRead(block, window)));
  const encoded = window.blocks.filter((block) => block.encoding !== rawEncoding && !bad.has(block));
  const areWhole = await decodeTogether(
    encoded.map(({ encoding, stored, base, target }) => ({
      block: { encoding, stored, raw: target.length },
      base,
      target,
    })),
  );
  for (const [index, block] of encoded.entries()) if (!areWhole[index]) bad.add(block);
  let end = 0;
  const ends = window.blocks.map(({ target }) => (end += target.length));
  const hashes = await hashPartsTogether(window.bytes, ends);
  for (const [part, block] of window.blocks.entries())
    if (hashes.compare(block.hash, 0, hashBytes, part * hashBytes, (part + 1) * hashBytes) !== 0)
      bad.add(block);
  return { ...window, bad };
}

function wasRead({ block, base }: WindowBlock, { failed, isFileRead }: Window): boolean {
  if (block === inFile) return isFileRead;
  return block >= 0 && !failed.has(block) && !(base && failed.has(base.block));
}

/** Looks elsewhere for blocks that are bad. @param onDamage called for those that are nowhere whole; may throw */
export async function mend(
  { packs, reader, file }: BlockSource,
  { from, blocks, bad }: CheckedWindow,
  onDamage: (range: DamagedRange) => void,
): Promise<void> {
  if (bad.size === 0) return;
  let at = from;
  let rescan = true;
  for (const block of blocks) {
    const { hash, target } = block;
    if (bad.has(block)) {
      if (block.block === inFile) file?.distrust();
      const bytes = await readBlock(packs, reader, hash, target.length, { rescan });
      rescan &&= bytes !== undefined;
      if (bytes) target.set(bytes);
      else onDamage({ from: at, to: at + target.length });
    }
    at += target.length;
  }
}
