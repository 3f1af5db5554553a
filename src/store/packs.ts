import { rename } from 'node:fs/promises';
import { systemCode, type TrailError } from '../core/errors.ts';
import { diskTime } from '../files/diskTime.ts';
import { makeDirectory, syncDirectory } from '../files/durable.ts';
import { mapBounded } from '../files/mapBounded.ts';
import { dateFile } from '../files/ownerOnly.ts';
import { systemError } from '../files/systemError.ts';
import { begunAfter } from './begunAfter.ts';
import { BlockTable } from './blockTable.ts';
import { DamagedBlocks } from './damagedBlocks.ts';
import { type Damage, loadPack } from './packFile.ts';
import { packFile, type PackPlace, packsIn } from './packNames.ts';
import type { FinishedPack } from './packWriter.ts';

export interface Pack extends PackPlace {
  /** In the order in which they were found; never given out twice. */
  readonly number: number;
  readonly id: string;
  /** In bytes. */
  readonly size: number;
  /** The numbers of its blocks in the table: from `first`, up to and without `end`. */
  readonly first: number;
  readonly end: number;
}

const breadth = 8;

/** The packs of a store and the blocks in them, as far as they have been looked at. Other processes add and remove packs meanwhile. */
export class Packs {
  readonly folder: string;
  readonly table = new BlockTable();
  readonly #temporaries: string;
  readonly #packs: Pack[] = [];
  /** By id; only those that are there. */
  readonly #here = new Map<string, Pack>();
  /** Packs that cannot be read just now, by their ids, and why. */
  readonly #unreadable = new Map<string, TrailError>();
  readonly #damaged: DamagedBlocks;
  /** Packs that cannot be kept from being removed: on them nobody may rely who writes. */
  readonly #untouchable = new Set<string>();
  #losses = 0;
  readonly #scanOnce = begunAfter(() => this.#scan());

  /**
   * @param temporaries a folder on the same disk
   * @param mayMark whether others are told of what is damaged
   */
  constructor(folder: string, temporaries: string, mayMark: boolean) {
    this.folder = folder;
    this.#temporaries = temporaries;
    this.#damaged = new DamagedBlocks(folder, this.table, mayMark);
  }

  /** Those that are there. */
  list(): readonly Pack[] {
    return [...this.#here.values()];
  }

  /** What was found to be wrong, by whoever looked. */
  get damages(): readonly Damage[] {
    return this.#damaged.damages;
  }

  /** Packs that cannot be read just now, and why: what is in them looks damaged, and is not. */
  get unreadable(): readonly { readonly file: string; readonly message: string }[] {
    return [...this.#unreadable].map(([id, { message }]) => ({ file: packFile(this.folder, id), message }));
  }

  /** @throws TrailError `io` when there is a pack of which nothing can be read: what others need of it nobody knows */
  requireReadable(): void {
    const [problem] = this.#unreadable.values();
    if (problem) throw problem;
  }

  /** How often something turned out to be gone, damaged or not to be relied on. */
  get losses(): number {
    return this.#losses;
  }

  /** Looks for packs that came or went, up to when it is called at least. @throws TrailError `io` */
  scan(): Promise<void> {
    return this.#scanOnce();
  }

  async #scan(): Promise<void> {
    const places = await packsIn(this.folder);
    const fresh: [string, PackPlace][] = [];
    for (const pack of this.list()) if (!places.has(pack.id)) this.drop(pack);
    for (const id of this.#unreadable.keys()) if (!places.has(id)) this.#unreadable.delete(id);
    for (const [id, place] of places) {
      const known = this.#here.get(id);
      if (known?.marked && !place.marked) this.#damaged.trustAgain(known);
      if (!known) fresh.push([id, place]);
      else if (known.file !== place.file || known.marked !== place.marked) this.#set({ ...known, ...place });
    }
    await mapBounded(fresh, breadth, ([id, place]) => this.#load(id, place));
    for (const pack of this.list()) if (pack.marked) this.#losses += await this.#damaged.readMarks(pack);
  }

  #set(pack: Pack): void {
    this.#packs[pack.number] = pack;
    this.#here.set(pack.id, pack);
  }

  async #load(id: string, place: PackPlace): Promise<void> {
    const loaded = await loadPack(place.file).catch((error: unknown) => {
      // It may have been removed since it was listed.
      if (systemCode(error) !== 'ENOENT') this.#unreadable.set(id, systemError(error, place.file));
      return undefined;
    });
    if (!loaded || this.#here.has(id)) return;
    this.#unreadable.delete(id);
    const number = this.#packs.length;
    const first = this.table.count;
    for (const block of loaded.blocks) this.table.add(block, number);
    this.#set({ number, id, ...place, size: loaded.size, first, end: this.table.count });
    for (const damage of loaded.damages) this.note(damage);
  }

  packOf(block: number): Pack {
    const pack = this.#packs[this.table.packOf(block)];
    if (!pack) throw new Error(`No pack has block ${block}.`);
    return pack;
  }

  /** The first place where a block can be read, or the one after `previous`; -1 when there is none. */
  find(hash: Uint8Array, previous = -1): number {
    let block = this.table.find(hash, previous);
    while (block >= 0 && !this.isReadable(block)) {
      block = this.table.find(hash, block);
    }
    return block;
  }

  /** Whether a block can be read where it is, as far as is known. */
  isReadable(block: number): boolean {
    return !this.#damaged.isBad(block) && this.#here.has(this.packOf(block).id);
  }

  /** Whether who writes may rely on a block where it is, as far as the block goes. */
  isTrusted(block: number): boolean {
    return this.isReadable(block) && !this.#damaged.isDoubted(block);
  }

  /** The blocks of a pack that anybody found to be damaged there. */
  doubtfulIn(pack: Pack): readonly number[] {
    return this.#damaged.doubtfulIn(pack);
  }

  /** Whether a pack is still where it was, as of the last look. */
  isHere(pack: Pack): boolean {
    return this.#here.get(pack.id) === pack;
  }

  /** The packs to touch for who will not write a block because it is there; undefined when it has to be written. */
  packsToRelyOn(hash: Uint8Array, deltas = true): readonly Pack[] | undefined {
    for (let block = this.find(hash); block >= 0; block = this.find(hash, block)) {
      const pack = this.packOf(block);
      if (!this.isTrusted(block) || !this.#isReliable(pack)) continue;
      const base = this.table.baseOf(block);
      if (!base) return [pack];
      const packsOfBase = deltas ? this.packsToRelyOn(base, false) : undefined;
      if (packsOfBase) return [pack, ...packsOfBase];
    }
    return undefined;
  }

  #isReliable(pack: Pack): boolean {
    return !pack.leaving && !this.#untouchable.has(pack.id);
  }

  /** Keeps packs from being removed for an hour. @returns false when one of them cannot be relied on. @throws TrailError `io` */
  async touch(packs: Iterable<Pack>): Promise<boolean> {
    const all = [...packs];
    if (all.length === 0) return true;
    const now = await this.now();
    let areReliable = true;
    for (const pack of all) {
      try {
        await dateFile(pack.file, now);
      } catch (error) {
        if (systemCode(error) === 'ENOENT') this.drop(pack);
        else this.#doNotRelyOn(pack);
        areReliable = false;
      }
    }
    return areReliable;
  }

  #doNotRelyOn(pack: Pack): void {
    this.#untouchable.add(pack.id);
    this.#losses++;
  }

  /** The time that packs are dated by, in milliseconds: of the machines that use a store each has its own. */
  async now(): Promise<number> {
    try {
      return await diskTime(this.#temporaries);
    } catch (error) {
      throw systemError(error, this.#temporaries);
    }
  }

  /** Does without a pack that is gone. */
  drop(pack: Pack): void {
    this.#here.delete(pack.id);
    this.#losses++;
  }

  /** Does without a block that is damaged where it is, and tells whoever opens the store later; one whose pack went away is not damaged. */
  distrust(block: number): void {
    if (!this.isReadable(block)) return;
    this.#damaged.add(block, this.packOf(block));
    this.#losses++;
  }

  note(damage: Damage): void {
    this.#damaged.note(damage);
  }

  /** Gives new packs their names; they last when this resolves. */
  async add(temporaries: readonly FinishedPack[]): Promise<readonly Pack[]> {
    if (temporaries.length === 0) return [];
    await makeDirectory(this.folder);
    const now = await this.now();
    for (const { file, id } of temporaries) {
      // The hour begins now, however long it took to write.
      await dateFile(file, now);
      await rename(file, packFile(this.folder, id));
    }
    await syncDirectory(this.folder);
    for (const { id } of temporaries)
      await this.#load(id, { file: packFile(this.folder, id), leaving: false, marked: false });
    return temporaries.flatMap(({ id }) => this.#here.get(id) ?? []);
  }
}
