import { hashPartsTogether } from '../files/partHashes.ts';
import { readBlock } from './blockReader.ts';
import { BlocksInFile, type WantedInFile } from './blocksInFile.ts';
import { decodeTogether, expectToDecode } from './decodeWorker.ts';
import type { StoredBlock } from './encoding.ts';
import { hashBytes, needsBase, rawEncoding } from './packFormat.ts';
import { PackReader, type Wanted } from './packReader.ts';
import type { Packs } from './packs.ts';
import type { Recipe } from './recipe.ts';
import { Room } from './room.ts';

/** Bytes that are read, verified and handed on at a time. */
const windowBytes = 4 << 20;
/** So many windows are read at once, so that the disk always has something to do. */
const windowsAhead = 4;
/** Whoever takes them may have two. */
const ringLength = windowsAhead + 2;

/** A part of a content that is not what it should be, in bytes. */
export interface DamagedRange {
  readonly from: number;
  readonly to: number;
}

/** For one window at a time. */
interface Memory {
  readonly bytes: Uint8Array;
  /** For what is stored of its blocks, and of what they are the difference to. */
  readonly stored: Room;
}

function memoryFor(size: number): Memory {
  return { bytes: new Uint8Array(new SharedArrayBuffer(size)), stored: new Room(2 * size) };
}

/** Some blocks of a content, one behind the other. */
interface Window {
  readonly from: number;
  readonly first: number;
  readonly end: number;
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

export interface ReadOptions {
  readonly thorough?: boolean;
  /** A file that may have some of the blocks, and the blocks that it was made of. */
  readonly copy?: { readonly file: string; readonly recipe: Recipe };
  /** Called for what is damaged or missing, and nowhere to be had whole; those bytes then mean nothing. May throw. */
  readonly onDamage: (range: DamagedRange) => void;
}

/**
 * The bytes of a content, every block verified, in chunks that lie in shared memory; the next are read while one is worked on.
 * A chunk keeps its bytes until the second chunk after it is asked for.
 */
export async function* readContent(
  packs: Packs,
  recipe: Recipe,
  options: ReadOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { copy } = options;
  const source: Source = {
    packs,
    reader: new PackReader(packs, options),
    file: copy && (await BlocksInFile.open(copy.file, copy.recipe)),
  };
  const ring: Memory[] = [];
  let turn = 0;
  const memory = (): Memory => {
    const next = (ring[turn++ % ringLength] ??= memoryFor(Math.min(windowBytes, Math.max(1, recipe.size))));
    next.stored.clear();
    return next;
  };
  const windows = windowsOf(recipe);
  const fetchNext = (): Promise<CheckedWindow> | undefined => {
    const { value: span } = windows.next();
    if (!span) return undefined;
    const fetching = fetchWindow(source, recipe, span, memory()).then(checkWindow);
    // A failure is reported where it is awaited, which may be later.
    fetching.catch(() => {});
    return fetching;
  };
  let ahead: (Promise<CheckedWindow> | undefined)[] = [];
  try {
    ahead = Array.from({ length: windowsAhead }, fetchNext);
    for (let next = ahead.shift(); next; next = ahead.shift()) {
      const window = await next;
      ahead.push(fetchNext());
      await mend(source, window, options);
      yield window.bytes;
    }
  } finally {
    await source.reader.close();
    await Promise.allSettled(ahead);
    await source.file?.close();
  }
}

/** Where blocks are read. */
interface Source {
  readonly packs: Packs;
  readonly reader: PackReader;
  readonly file: BlocksInFile | undefined;
}

interface Span {
  readonly from: number;
  readonly first: number;
  readonly end: number;
  readonly length: number;
}

function* windowsOf(recipe: Recipe): Generator<Span, undefined, undefined> {
  let from = 0;
  for (let first = 0; first < recipe.count;) {
    let end = first;
    let length = 0;
    while (end < recipe.count && length + recipe.lengthAt(end) <= windowBytes)
      length += recipe.lengthAt(end++);
    yield { from, first, end, length };
    from += length;
    first = end;
  }
  return undefined;
}

async function fetchWindow(
  { packs, reader, file }: Source,
  recipe: Recipe,
  { from, first, end, length }: Span,
  memory: Memory,
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
    first,
    end,
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
interface CheckedWindow extends Window {
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

/** Looks elsewhere for blocks that are bad. */
async function mend(
  { packs, reader, file }: Source,
  { from, blocks, bad }: CheckedWindow,
  { onDamage }: ReadOptions,
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
