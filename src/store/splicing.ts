import { readBlock } from './blockReader.ts';
import { rawEncoding, spliceEncoding } from './packFormat.ts';
import { PackReader } from './packReader.ts';
import type { Pack, Packs } from './packs.ts';
import type { NewBlock } from './packWriter.ts';
import type { Recipe } from './recipe.ts';
import { splice } from './splice.ts';

interface Target {
  add(block: NewBlock): void;
  relyOn(packs: readonly Pack[]): void;
}

interface HeldBlock {
  readonly hash: Uint8Array;
  bytes: Uint8Array;
  /** The block of the parent that comes after the same block as this one. */
  readonly after: number | undefined;
}

/**
 * Where a change begins and ends within blocks, the first and the last new block share much with those that stood there in the parent:
 * they are stored as the difference. The parent's blocks are only looked at next to a block that stayed.
 */
export class Splicer {
  readonly #packs: Packs;
  readonly #parent: Recipe;
  readonly #target: Target;
  readonly #reader: PackReader;
  readonly #places = new Map<number, number>();
  /** The block of the parent that would come next if nothing had changed. */
  #next: number | undefined = 0;
  /** The last new block: what follows may tell more about it. */
  #held: HeldBlock | undefined;

  constructor(packs: Packs, parent: Recipe, target: Target) {
    this.#packs = packs;
    this.#parent = parent;
    this.#target = target;
    this.#reader = new PackReader(packs);
    for (let place = 0; place < parent.count; place++) this.#places.set(keyOf(parent.hashAt(place)), place);
  }

  holds(hash: Uint8Array): boolean {
    return this.#held !== undefined && Buffer.compare(this.#held.hash, hash) === 0;
  }

  /** The next block of the file is one that is in the store. */
  async passKnown(hash: Uint8Array): Promise<void> {
    const place = this.#placeOf(hash);
    await this.#release(place === undefined ? undefined : place - 1);
    this.#next = place === undefined ? undefined : place + 1;
  }

  /** The next block of the file is new. */
  async addNew(hash: Uint8Array, bytes: Uint8Array): Promise<void> {
    await this.#release(undefined);
    this.#held = { hash, bytes, after: this.#next };
    this.#next = undefined;
  }

  /** The memory of what was added is about to be used again. */
  keepHeld(): void {
    if (this.#held) this.#held.bytes = Uint8Array.from(this.#held.bytes);
  }

  /** The file has ended. */
  end(): Promise<void> {
    return this.#release(this.#parent.count - 1);
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  #placeOf(hash: Uint8Array): number | undefined {
    const isNext = this.#next !== undefined && this.#next < this.#parent.count;
    if (isNext && Buffer.compare(this.#parent.hashAt(this.#next ?? 0), hash) === 0) return this.#next;
    return this.#places.get(keyOf(hash));
  }

  /** @param before the block of the parent that comes before the same block as the one that is held */
  async #release(before: number | undefined): Promise<void> {
    const held = this.#held;
    if (!held) return;
    this.#held = undefined;
    const { hash, bytes } = held;
    let best: NewBlock = { hash, encoding: rawEncoding, raw: bytes.length, bytes };
    let relied: readonly Pack[] = [];
    for (const place of new Set([held.after, before])) {
      const base = place === undefined ? undefined : await this.#baseAt(place);
      const stored = base && splice(bytes, base.bytes);
      if (!stored || stored.length >= best.bytes.length) continue;
      best = { hash, encoding: spliceEncoding, raw: bytes.length, base: base.hash, bytes: stored };
      relied = base.packs;
    }
    this.#target.relyOn(relied);
    this.#target.add(best);
  }

  /** A block of the parent, or what that is itself the difference to: then two blocks are read at the most. */
  async #baseAt(place: number) {
    if (place < 0 || place >= this.#parent.count) return undefined;
    const { table } = this.#packs;
    const named = this.#packs.find(this.#parent.hashAt(place));
    if (named < 0) return undefined;
    const hash = Uint8Array.from(table.baseOf(named) ?? table.hashAt(named));
    const packs = this.#packs.packsToRelyOn(hash, false);
    const bytes = packs && (await readBlock(this.#packs, this.#reader, hash, undefined, { rescan: false }));
    return bytes && { hash, bytes, packs };
  }
}

/** Two blocks with one key do no harm: what they share decides. */
function keyOf(hash: Uint8Array): number {
  return Buffer.from(hash.buffer, hash.byteOffset, 6).readUIntBE(0, 6);
}
