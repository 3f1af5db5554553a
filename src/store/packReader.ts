import { hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { systemCode } from '../core/errors.ts';
import { copyBytes } from '../files/copyBytes.ts';
import { openDirect } from '../files/direct.ts';
import { readDirect } from '../files/directReads.ts';
import { mapBounded } from '../files/mapBounded.ts';
import { systemError } from '../files/systemError.ts';
import { recordHeaderBytes, writeRecordHeader } from './packFormat.ts';
import type { Pack, Packs } from './packs.ts';

const mostOpen = 16;
/** Of one read. */
const mostRecords = 256;
/** A disk is quicker with several reads of this size at once than with a long one: on the machine that it was measured on, four times. */
const readBytes = 1 << 20;
const readsAtOnce = 4;

/** A record to be read. */
export interface Wanted {
  /** Its number in the table. */
  readonly block: number;
  /** As long as what is stored. */
  readonly target: Uint8Array;
}

/** Reads records of packs; keeps the latest packs open until it is closed. */
export class PackReader {
  readonly #packs: Packs;
  readonly #handles = new Map<number, Promise<OpenPack>>();
  readonly #busy = new Set<Promise<unknown>>();
  #closed = false;

  readonly #thorough: boolean;

  /** One that is `thorough` also notes damage that does no harm to what is read. */
  constructor(packs: Packs, { thorough = false } = {}) {
    this.#packs = packs;
    this.#thorough = thorough;
  }

  /**
   * Reads records, those that lie one behind the other at once. What is read is not verified.
   * @returns the blocks that could not be read where they are
   * @throws TrailError `io`
   */
  async read(wanted: readonly Wanted[]): Promise<ReadonlySet<number>> {
    const failed = new Set<number>();
    await mapBounded([...runsOf(this.#packs, wanted)], readsAtOnce, async (run) => {
      if (!(await this.#whileBusy(this.#readRun(run)))) for (const { block } of run) failed.add(block);
    });
    return failed;
  }

  /** What `close` has to wait for. */
  async #whileBusy<T>(work: Promise<T>): Promise<T> {
    this.#busy.add(work);
    try {
      return await work;
    } finally {
      this.#busy.delete(work);
    }
  }

  /** Reads that are under way end early, and fail. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#busy.size > 0) await Promise.allSettled(this.#busy);
    const handles = await Promise.allSettled(this.#handles.values());
    this.#handles.clear();
    for (const handle of handles) if (handle.status === 'fulfilled') await closePack(handle.value);
  }

  async #readRun(run: readonly Wanted[]): Promise<boolean> {
    // Whoever reads on would open packs that nobody closes. It says nothing of the blocks.
    if (this.#closed) throw new Error('The packs were closed while they were read.');
    const [first] = run;
    if (!first) return true;
    const pack = this.#packs.packOf(first.block);
    const headers = Buffer.allocUnsafe(run.length * recordHeaderBytes);
    const pieces = run.flatMap(({ target }, index) => [
      headers.subarray(index * recordHeaderBytes, (index + 1) * recordHeaderBytes),
      target,
    ]);
    try {
      if (!(await readPieces(await this.#open(pack), pieces, this.#packs.table.at(first.block).offset)))
        return false;
    } catch (error) {
      const code = systemCode(error) ?? '';
      if (code === 'ENOENT') this.#packs.drop(pack);
      // A bad place on the disk is like damaged bytes: they may be elsewhere.
      else if (code !== 'EIO') throw systemError(error, pack.file);
      return false;
    }
    if (this.#thorough)
      for (const [index, { block }] of run.entries()) this.#checkHeader(pack, block, headers, index);
    return true;
  }

  /** A block can be read without its header, but not found again when the index is damaged too. */
  #checkHeader(pack: Pack, block: number, headers: Buffer, index: number): void {
    const { table } = this.#packs;
    const { offset, ...entry } = table.at(block);
    const expected = Buffer.alloc(recordHeaderBytes);
    writeRecordHeader(expected, 0, { ...entry, hash: table.hashAt(block) });
    const at = index * recordHeaderBytes;
    if (expected.equals(headers.subarray(at, at + recordHeaderBytes))) return;
    this.#packs.note({ file: pack.file, part: 'record', from: offset, to: offset + recordHeaderBytes });
  }

  #open(pack: Pack): Promise<OpenPack> {
    let handle = this.#handles.get(pack.number);
    if (handle) {
      this.#handles.delete(pack.number);
    } else {
      handle = openPack(pack.file);
      const [oldest] = this.#handles;
      if (oldest && this.#handles.size >= mostOpen) {
        this.#handles.delete(oldest[0]);
        this.#whileBusy(oldest[1].then(closePack)).catch(() => {});
      }
    }
    this.#handles.set(pack.number, handle);
    handle.catch(() => this.#handles.delete(pack.number));
    return handle;
  }
}

interface OpenPack {
  readonly handle: FileHandle;
  /** Of the same file, past the page cache. */
  readonly direct: FileHandle | undefined;
}

async function openPack(file: string): Promise<OpenPack> {
  const handle = await open(file, 'r');
  return { handle, direct: await openDirect(handle, 'read') };
}

async function closePack({ handle, direct }: OpenPack): Promise<void> {
  await direct?.close();
  await handle.close();
}

/** Fills pieces, one after the other. @returns false when the file has fewer bytes */
async function readPieces(
  { handle, direct }: OpenPack,
  pieces: readonly Uint8Array[],
  position: number,
): Promise<boolean> {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const isRead =
    direct !== undefined &&
    (await readDirect(direct, position, length, (bytes) => {
      let from = 0;
      for (const piece of pieces) copyBytes(bytes.subarray(from, (from += piece.length)), piece);
    }));
  if (isRead) return true;
  const { bytesRead } = await handle.readv(pieces, position);
  return bytesRead === length;
}

function* runsOf(packs: Packs, wanted: readonly Wanted[]): Generator<readonly Wanted[], void, undefined> {
  let run: Wanted[] = [];
  let bytes = 0;
  let pack = -1;
  let end = -1;
  for (const item of wanted) {
    const place = packs.table.at(item.block);
    const isFull = run.length === mostRecords || bytes + place.stored > readBytes;
    if (place.pack !== pack || place.offset !== end || isFull) {
      if (run.length > 0) yield run;
      run = [];
      bytes = 0;
    }
    run.push(item);
    bytes += place.stored;
    pack = place.pack;
    end = place.offset + recordHeaderBytes + place.stored;
  }
  if (run.length > 0) yield run;
}

export function isHashOf(expected: Uint8Array, bytes: Uint8Array): boolean {
  return hash('sha256', bytes, 'buffer').equals(expected);
}
