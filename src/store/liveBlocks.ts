import type { ContentId } from '../core/facts.ts';
import type { Operation } from '../core/operation.ts';
import { grown } from './blockTable.ts';
import { pacer } from './pace.ts';
import { recordHeaderBytes } from './packFormat.ts';
import type { Pack, Packs } from './packs.ts';
import type { Recipes } from './recipes.ts';

/** Blocks that are looked at before others have their turn. */
const stride = 1024;

/**
 * What of the packs is needed, at one moment: the blocks that recipes name, and those that they are stored as the difference to. Of
 * several copies of a block one is chosen to stay. What came to the packs later is not judged.
 */
export class LiveBlocks {
  /** All that was in a pack before this moment was seen. */
  readonly since: number;
  readonly packs: readonly Pack[];
  readonly #all: Packs;
  /** Packs whose copies are preferred where all else is equal. */
  readonly #preferred: ReadonlySet<string>;
  /** How much of each pack is named by recipes, by the packs' numbers: a pack that is all needed should stay rather than another. */
  #shares: ReadonlyMap<number, number> = new Map();
  #count: number;
  #named: Uint8Array;
  #kept: Uint8Array;
  /** Blocks that some other, needed or not, is stored as the difference to. */
  #bases: Uint8Array;

  private constructor(packs: Packs, preferred: ReadonlySet<string>, since: number) {
    this.since = since;
    this.packs = packs.list();
    this.#all = packs;
    this.#preferred = preferred;
    this.#count = packs.table.count;
    this.#named = new Uint8Array(this.#count);
    this.#kept = new Uint8Array(this.#count);
    this.#bases = new Uint8Array(this.#count);
  }

  /** @throws TrailError `damaged` when a recipe cannot be read: then nobody knows what it needs; `cancelled` */
  static async find(
    packs: Packs,
    recipes: Recipes,
    operation: Pick<Operation, 'signal'>,
    preferred: ReadonlySet<string> = new Set(),
  ): Promise<LiveBlocks> {
    const since = Date.now();
    await packs.scan();
    const live = new LiveBlocks(packs, preferred, since);
    const pace = pacer(operation);
    // What is moved aside may be moved back, and is to be whole then. It may be just now, to where we have looked: so we look there again.
    const seen = new Set<ContentId>();
    for (const folder of [recipes, recipes.forgotten, recipes]) {
      for await (const id of folder.list()) {
        const recipe = seen.has(id) ? undefined : await folder.read(id);
        if (!recipe) continue;
        seen.add(id);
        for (let number = 0; number < recipe.count; number++) {
          live.#flag(live.#named, recipe.hashAt(number));
          if (number % stride === 0) await pace();
        }
      }
    }
    await live.#choose(pace);
    return live;
  }

  /** Whether this copy of a block is the one to stay. */
  isKept(block: number): boolean {
    return this.#kept[block] === 1;
  }

  /** Whether a recipe names the block. */
  isNamed(block: number): boolean {
    return this.#named[block] === 1;
  }

  /** Whether another block is stored as the difference to this one, so that it must not become one itself. */
  isBase(block: number): boolean {
    return this.#bases[block] === 1;
  }

  markBase(hash: Uint8Array): void {
    this.#flag(this.#bases, hash);
  }

  /** The copy to stay; -1 when nobody needs the block, or none is there. */
  keptCopy(hash: Uint8Array): number {
    for (const block of this.#copies(hash)) if (this.#kept[block] === 1) return block;
    return -1;
  }

  /** After a copy turned out to be damaged. @returns the one to stay now; -1 when none can be read */
  chooseAgain(hash: Uint8Array): number {
    const copies = [...this.#copies(hash)];
    this.#keep(hash, !copies.some((block) => this.isBase(block)));
    // What they are the difference to was not needed as long as another copy was to stay.
    for (const block of copies) {
      const base = this.isKept(block) ? this.#all.table.baseOf(block) : undefined;
      if (base) this.#keep(base, false);
    }
    return copies.find((block) => this.isKept(block) && this.#isReliable(block)) ?? -1;
  }

  /** A copy that is not in a pack; with `plain`, one that can be read without another. */
  copyElsewhere(hash: Uint8Array, pack: Pack, plain: boolean): number {
    for (const block of this.#copies(hash)) {
      if (this.#all.packOf(block).id === pack.id || !this.#isReliable(block)) continue;
      const base = this.#all.table.baseOf(block);
      if (!base || (!plain && this.copyElsewhere(base, pack, true) >= 0)) return block;
    }
    return -1;
  }

  /** The bytes in a pack that are to stay. */
  keptBytes(pack: Pack): number {
    return this.#sum(pack, 1);
  }

  /** The bytes in a pack that nobody needs there. */
  spareBytes(pack: Pack): number {
    return this.#sum(pack, 0);
  }

  /** Takes the copies in packs that were written since for those to stay. */
  adopt(packs: readonly Pack[]): void {
    const { table } = this.#all;
    this.#count = Math.max(this.#count, ...packs.map(({ end }) => end));
    this.#named = grown(this.#named, new Uint8Array(this.#count));
    this.#kept = grown(this.#kept, new Uint8Array(this.#count));
    this.#bases = grown(this.#bases, new Uint8Array(this.#count));
    for (const { first, end } of packs) {
      for (let block = first; block < end; block++) {
        for (const copy of this.#copies(table.hashAt(block))) {
          this.#kept[copy] = 0;
          if (this.#named[copy] === 1) this.#named[block] = 1;
          if (this.#bases[copy] === 1) this.#bases[block] = 1;
        }
        this.#kept[block] = 1;
      }
    }
  }

  /** All copies as they were when this was found, readable or not. */
  *#copies(hash: Uint8Array): Generator<number, void, undefined> {
    const { table } = this.#all;
    for (let block = table.find(hash); block >= 0; block = table.find(hash, block)) {
      if (block < this.#count) yield block;
    }
  }

  #flag(flags: Uint8Array, hash: Uint8Array): void {
    for (const block of this.#copies(hash)) flags[block] = 1;
  }

  #isReliable(block: number): boolean {
    return this.#all.isTrusted(block) && !this.#all.packOf(block).leaving;
  }

  #sum({ first, end }: Pack, kept: 0 | 1): number {
    let bytes = 0;
    for (let block = first; block < end; block++)
      if (this.#kept[block] === kept) bytes += this.#bytesOf(block);
    return bytes;
  }

  #bytesOf(block: number): number {
    return recordHeaderBytes + this.#all.table.at(block).stored;
  }

  async #choose(pace: () => Promise<void>): Promise<void> {
    const { table } = this.#all;
    this.#shares = this.#namedShares();
    const seen = new Uint8Array(this.#count);
    for (let block = 0; block < this.#count; block++) {
      if (block % stride === 0) await pace();
      const base = table.baseOf(block);
      if (base) this.#flag(this.#bases, base);
      if (this.#named[block] !== 1 || seen[block] === 1) continue;
      this.#flag(seen, table.hashAt(block));
      this.#keep(table.hashAt(block), true);
    }
    for (let block = 0; block < this.#count; block++) {
      if (block % stride === 0) await pace();
      const base = this.#kept[block] === 1 ? table.baseOf(block) : undefined;
      if (base) this.#keep(base, false);
    }
  }

  #namedShares(): ReadonlyMap<number, number> {
    const shares = new Map<number, number>();
    for (const { number, size, first, end } of this.packs) {
      let named = 0;
      for (let block = first; block < end; block++) {
        if (this.#named[block] === 1) named += this.#bytesOf(block);
      }
      shares.set(number, named / size);
    }
    return shares;
  }

  #keep(hash: Uint8Array, deltas: boolean): void {
    let best = -1;
    for (const block of this.#copies(hash)) {
      const base = this.#all.table.baseOf(block);
      // One that is the base of another must be readable by itself.
      if (!this.#isReliable(block) || (base && !(deltas && this.#hasPlainCopy(base)))) continue;
      if (best < 0 || this.#isBetter(block, best)) best = block;
    }
    if (best >= 0) {
      for (const block of this.#copies(hash)) this.#kept[block] = block === best ? 1 : 0;
    } else {
      // All are damaged, as far as is known: then none is given up.
      this.#flag(this.#kept, hash);
    }
  }

  #hasPlainCopy(hash: Uint8Array): boolean {
    for (const block of this.#copies(hash)) {
      if (this.#isReliable(block) && !this.#all.table.baseOf(block)) return true;
    }
    return false;
  }

  /** Whether a block is the difference to one that no recipe names. */
  #isOrphan(block: number): boolean {
    const base = this.#all.table.baseOf(block);
    if (!base) return false;
    for (const copy of this.#copies(base)) if (this.#named[copy] === 1) return false;
    return true;
  }

  #isBetter(block: number, other: number): boolean {
    const [a, b] = [this.#all.packOf(block), this.#all.packOf(other)];
    const order =
      // What one is the difference to may be kept for its sake alone: then the other one takes less.
      Number(this.#isOrphan(other)) - Number(this.#isOrphan(block)) ||
      this.#bytesOf(other) - this.#bytesOf(block) ||
      Number(this.#preferred.has(a.id)) - Number(this.#preferred.has(b.id)) ||
      (this.#shares.get(a.number) ?? 0) - (this.#shares.get(b.number) ?? 0);
    return order === 0 ? a.id < b.id : order > 0;
  }
}
