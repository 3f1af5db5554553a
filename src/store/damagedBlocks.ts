import type { BlockTable } from './blockTable.ts';
import { damageMarks, markDamage } from './damageMarks.ts';
import type { Damage } from './packFile.ts';

/** A pack as far as its blocks go: their numbers in the table, from `first`, up to and without `end`. */
interface MarkedPack {
  readonly id: string;
  readonly file: string;
  readonly first: number;
  readonly end: number;
}

/** What is known to be damaged in the packs of a folder, by whoever looked. */
export class DamagedBlocks {
  readonly #folder: string;
  readonly #table: BlockTable;
  readonly #mayMark: boolean;
  /** Found to be damaged where they are. */
  readonly #bad = new Set<number>();
  /** Somebody found them to be: they are read, should that have been the disk's mood, but nobody relies on them who writes. */
  readonly #doubted = new Set<number>();
  /** How many marks of each pack were read: they only become more. */
  readonly #marksRead = new Map<string, number>();
  readonly #damages = new Map<string, Damage>();

  /** @param mayMark whether others are told */
  constructor(folder: string, table: BlockTable, mayMark: boolean) {
    this.#folder = folder;
    this.#table = table;
    this.#mayMark = mayMark;
  }

  get damages(): readonly Damage[] {
    return [...this.#damages.values()];
  }

  isBad(block: number): boolean {
    return this.#bad.has(block);
  }

  isDoubted(block: number): boolean {
    return this.#doubted.has(block);
  }

  /** Adds what others have marked in a pack. @returns how many blocks nobody here knew of */
  async readMarks({ id, file, first, end }: MarkedPack): Promise<number> {
    const marks = await damageMarks(this.#folder, id);
    if (marks.size === this.#marksRead.get(id)) return 0;
    this.#marksRead.set(id, marks.size);
    let fresh = 0;
    for (let block = first; block < end; block++) {
      if (!marks.has(this.#table.at(block).offset) || this.#bad.has(block) || this.#doubted.has(block))
        continue;
      this.#doubted.add(block);
      this.#noteBlock(file, block);
      fresh++;
    }
    return fresh;
  }

  /** Adds a block of a pack, and tells whoever opens the store later. */
  add(block: number, { id, file }: MarkedPack): void {
    this.#bad.add(block);
    this.#noteBlock(file, block);
    if (this.#mayMark && !this.#doubted.has(block))
      markDamage(this.#folder, id, this.#table.at(block).offset);
  }

  doubtfulIn({ first, end }: MarkedPack): readonly number[] {
    const found: number[] = [];
    for (let block = first; block < end; block++)
      if (this.#bad.has(block) || this.#doubted.has(block)) found.push(block);
    return found;
  }

  /** For a pack whose marks somebody took off: all of it was whole then. */
  trustAgain(pack: MarkedPack): void {
    for (const block of this.doubtfulIn(pack)) {
      this.#bad.delete(block);
      this.#doubted.delete(block);
      this.#damages.delete(keyOf(this.#damageOf(pack.file, block)));
    }
    this.#marksRead.delete(pack.id);
  }

  note(damage: Damage): void {
    this.#damages.set(keyOf(damage), damage);
  }

  #noteBlock(file: string, block: number): void {
    this.note(this.#damageOf(file, block));
  }

  #damageOf(file: string, block: number): Damage {
    const { offset, stored } = this.#table.at(block);
    return { file, part: 'record', from: offset, to: offset + stored };
  }
}

function keyOf({ file, part, from }: Damage): string {
  return `${file} ${part} ${from}`;
}
