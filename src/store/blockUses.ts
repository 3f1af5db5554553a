import { type BlockTable, grown } from './blockTable.ts';
import { recordHeaderBytes } from './packFormat.ts';

/** What some contents take of the packs, in bytes. */
export interface Taken {
  /** What they share with others too. */
  readonly stored: number;
  /** What nobody else uses. */
  readonly own: number;
}

/** How many contents use each block of a table. Some numbers for each block, and none for each block of each content. */
export class BlockUses {
  readonly #table: BlockTable;
  readonly #users: Uint32Array;
  readonly #last: LastUse;
  readonly #stored: number[] = [];
  /** How many of those that are looked at together use each block; all zero between. */
  #among: Uint32Array | undefined;

  constructor(table: BlockTable) {
    this.#table = table;
    this.#users = new Uint32Array(table.count);
    this.#last = new LastUse(table.count);
  }

  /** Counts in a content. @returns its number: they are given out in order, from 0 */
  add(blocks: Iterable<number>): number {
    let stored = 0;
    const turn = this.#last.nextTurn();
    for (const block of blocks) {
      if (this.#last.isAgain(block, turn)) continue;
      this.#users[block] = (this.#users[block] ?? 0) + 1;
      stored += this.#bytesOf(block);
    }
    return this.#stored.push(stored) - 1;
  }

  /** What each content takes, by its number. To be asked when all are counted in, and before some of them are looked at together. */
  ofEach(): readonly Taken[] {
    const own = this.#stored.map(() => 0);
    for (let block = 0; block < this.#users.length; block++) {
      if (this.#users[block] !== 1) continue;
      const content = this.#last.turnOf(block) - 1;
      own[content] = (own[content] ?? 0) + this.#bytesOf(block);
    }
    return this.#stored.map((stored, content) => ({ stored, own: own[content] ?? 0 }));
  }

  /** To count in some of the contents again, and say what they take together. One at a time: each ends before the next. */
  among(): { add(blocks: Iterable<number>): void; bytes(): Taken; end(): void } {
    const uses = (this.#among ??= new Uint32Array(this.#users.length));
    let found = new Uint32Array(1024);
    let count = 0;
    return {
      add: (blocks) => {
        const turn = this.#last.nextTurn();
        for (const block of blocks) {
          if (this.#last.isAgain(block, turn)) continue;
          const before = uses[block] ?? 0;
          uses[block] = before + 1;
          if (before > 0) continue;
          if (count === found.length) found = grown(found, new Uint32Array(count * 2));
          found[count++] = block;
        }
      },
      bytes: () => {
        let [stored, own] = [0, 0];
        for (const block of found.subarray(0, count)) {
          const bytes = this.#bytesOf(block);
          stored += bytes;
          if (uses[block] === this.#users[block]) own += bytes;
        }
        return { stored, own };
      },
      end: () => {
        for (const block of found.subarray(0, count)) uses[block] = 0;
      },
    };
  }

  #bytesOf(block: number): number {
    return recordHeaderBytes + this.#table.storedBytes(block);
  }
}

/** Tells a block that a content has several times. */
class LastUse {
  readonly #turns: Uint32Array;
  #turn = 0;

  constructor(blocks: number) {
    this.#turns = new Uint32Array(blocks);
  }

  /** From 1. */
  nextTurn(): number {
    return ++this.#turn;
  }

  isAgain(block: number, turn: number): boolean {
    if (this.#turns[block] === turn) return true;
    this.#turns[block] = turn;
    return false;
  }

  turnOf(block: number): number {
    return this.#turns[block] ?? 0;
  }
}
