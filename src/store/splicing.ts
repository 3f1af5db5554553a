import { BoundedMap } from '../core/boundedMap.ts';
import { readBlock } from './blockReader.ts';
import { rawEncoding, spliceEncoding } from './packFormat.ts';
import { PackReader } from './packReader.ts';
import type { Pack, Packs } from './packs.ts';
import type { NewBlock } from './packWriter.ts';
import type { Recipe } from './recipe.ts';
import { RecipePlaces } from './recipePlaces.ts';
import { lastUpTo } from './recipeStarts.ts';
import { splice } from './splice.ts';

/** New blocks that are looked at where a change begins, and where it ends: ends of blocks take as long to be the same again. */
const atBegin = 2;
const atEnd = 8;
const keptBases = 4;

interface Target {
  add(block: NewBlock): void;
  relyOn(packs: readonly Pack[]): void;
}

interface HeldBlock {
  readonly hash: Uint8Array;
  bytes: Uint8Array;
  isOwn: boolean;
  /** Where in the parent it would begin if nothing had been put in or taken out since the last block that stayed. */
  readonly place: number | undefined;
}

interface Base {
  readonly hash: Uint8Array;
  readonly bytes: Uint8Array;
  readonly packs: readonly Pack[];
}

/**
 * Where a change begins and ends within blocks, the first and the last new blocks have much in common with those that stood there in the
 * parent: they are stored as the difference. The parent's blocks are only looked at near a block that stayed.
 */
export class Splicer {
  readonly #packs: Packs;
  readonly #parent: RecipePlaces;
  readonly #target: Target;
  readonly #reader: PackReader;
  readonly #bases = new BoundedMap<number, Base | undefined>(keptBases);
  /** Where in the parent the next block would begin if nothing had changed. */
  #place: number | undefined = 0;
  /** New blocks since the last that stayed. */
  #run = 0;
  /** The last of them: what follows may tell more about them. */
  readonly #held: HeldBlock[] = [];

  constructor(packs: Packs, parent: Recipe, target: Target) {
    this.#packs = packs;
    this.#parent = new RecipePlaces(parent);
    this.#target = target;
    this.#reader = new PackReader(packs);
  }

  holds(hash: Uint8Array): boolean {
    return this.#held.some((held) => Buffer.compare(held.hash, hash) === 0);
  }

  /** The next block of the file is one that is kept already. */
  async passKnown(hash: Uint8Array): Promise<void> {
    const number = this.#parent.numberOf(hash, this.#place);
    await this.#releaseAll(number === undefined ? undefined : this.#parent.starts[number]);
    this.#place = number === undefined ? undefined : this.#parent.endOf(number);
    this.#run = 0;
  }

  /** The next block of the file is new. */
  async addNew(hash: Uint8Array, bytes: Uint8Array): Promise<void> {
    const place = this.#run++ < atBegin ? this.#place : undefined;
    this.#held.push({ hash, bytes, isOwn: false, place });
    this.#place = place === undefined ? undefined : place + bytes.length;
    if (this.#held.length > atEnd) await this.#release(this.#held.shift(), undefined);
  }

  /** The memory of what was added is about to be used again. */
  keepHeld(): void {
    for (const held of this.#held) {
      if (held.isOwn) continue;
      held.bytes = Uint8Array.from(held.bytes);
      held.isOwn = true;
    }
  }

  /** The file has ended. */
  end(): Promise<void> {
    return this.#releaseAll(this.#parent.recipe.size);
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  /** @param end where in the parent they would end if nothing had been put in or taken out after the last change */
  async #releaseAll(end: number | undefined): Promise<void> {
    const held = this.#held.splice(0);
    let place = end === undefined ? undefined : end - held.reduce((sum, { bytes }) => sum + bytes.length, 0);
    for (const block of held) {
      await this.#release(block, place);
      if (place !== undefined) place += block.bytes.length;
    }
  }

  async #release(held: HeldBlock | undefined, place: number | undefined): Promise<void> {
    if (!held) return;
    const { hash, bytes } = held;
    const places = [held.place, place].filter((at) => at !== undefined);
    let best: NewBlock = { hash, encoding: rawEncoding, raw: bytes.length, bytes };
    let relied: readonly Pack[] = [];
    for (const number of new Set(places.flatMap((at) => this.#blocksWithin(at, at + bytes.length)))) {
      const base = await this.#baseAt(number);
      const shifts = new Set(places.map((at) => at - (this.#parent.starts[number] ?? 0)));
      const stored = base && splice(bytes, base.bytes, shifts);
      if (!stored || stored.length >= best.bytes.length) continue;
      best = { hash, encoding: spliceEncoding, raw: bytes.length, base: base.hash, bytes: stored };
      relied = base.packs;
    }
    this.#target.relyOn(relied);
    this.#target.add(best);
  }

  /** The blocks of the parent that have bytes from one offset up to another. */
  #blocksWithin(from: number, to: number): number[] {
    const { starts } = this.#parent;
    const numbers: number[] = [];
    for (let number = lastUpTo(starts, from); (starts[number] ?? Infinity) < to; number++) {
      if (this.#parent.endOf(number) > from) numbers.push(number);
    }
    return numbers;
  }

  /** A block of the parent; undefined for one that is itself a difference: then two blocks are read at the most. */
  async #baseAt(number: number): Promise<Base | undefined> {
    if (this.#bases.has(number)) return this.#bases.get(number);
    const { recipe } = this.#parent;
    const hash = Uint8Array.from(recipe.hashAt(number));
    const packs = this.#packs.packsToRelyOn(hash, false);
    const length = recipe.lengthAt(number);
    const bytes = packs && (await readBlock(this.#packs, this.#reader, hash, length, { rescan: false }));
    const base = bytes && { hash, bytes, packs };
    this.#bases.set(number, base);
    return base;
  }
}
