import { type FileHandle, open } from 'node:fs/promises';
import type { ContentId } from '../core/facts.ts';
import { mapBounded } from '../files/mapBounded.ts';
import { stampOf } from '../files/stamp.ts';
import type { Recipe } from './recipe.ts';
import { RecipePlaces } from './recipePlaces.ts';

/** A file that has, as far as is known, a content that is in the store. */
export interface FileCopy {
  readonly file: string;
  readonly id: ContentId;
}

/** A block that is wanted from a file. */
export interface WantedInFile {
  /** Where it begins there, in bytes. */
  readonly at: number;
  readonly target: Uint8Array;
}

const readsAtOnce = 4;
/** Of one read: the system takes no more than 1024. */
const mostTargets = 256;

/**
 * Reads blocks from a file that another content is in. What a program just wrote is still in memory, where packs need not be, and is not packed.
 * Nobody knows whether it is what it was: what is read is not verified.
 */
export class BlocksInFile {
  readonly #handle: FileHandle;
  readonly #places: RecipePlaces;
  #isTrusted = true;
  /** Where the next block would begin if nothing had changed. */
  #next = 0;

  private constructor(handle: FileHandle, recipe: Recipe) {
    this.#handle = handle;
    this.#places = new RecipePlaces(recipe);
  }

  /** @param recipe of what is in the file. @returns undefined when it cannot be read */
  static async open(file: string, recipe: Recipe): Promise<BlocksInFile | undefined> {
    try {
      // Opening a pipe would wait for ever.
      await stampOf(file);
      return new BlocksInFile(await open(file, 'r'), recipe);
    } catch {
      return undefined;
    }
  }

  /** Where a block begins in the file, in bytes, if it is there. */
  placeOf(hash: Uint8Array): number | undefined {
    const number = this.#isTrusted ? this.#places.numberOf(hash, this.#next) : undefined;
    if (number === undefined) return undefined;
    this.#next = this.#places.endOf(number);
    return this.#places.starts[number];
  }

  /** @returns whether all could be read; else none of them counts */
  async read(wanted: readonly WantedInFile[]): Promise<boolean> {
    const areRead = await mapBounded([...runsOf(wanted)], readsAtOnce, async ({ at, targets, length }) => {
      const { bytesRead } = await this.#handle.readv(targets, at).catch(() => ({ bytesRead: -1 }));
      return bytesRead === length;
    });
    return areRead.every(Boolean);
  }

  /** It was not what it should be: no block is looked for there any more. */
  distrust(): void {
    this.#isTrusted = false;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

interface Run {
  readonly at: number;
  readonly targets: Uint8Array[];
  length: number;
}

/** What lies one behind the other is read at once. */
function runsOf(wanted: readonly WantedInFile[]): readonly Run[] {
  const runs: Run[] = [];
  for (const { at, target } of wanted) {
    let run = runs.at(-1);
    const isNext = run && run.at + run.length === at && run.targets.length < mostTargets;
    if (!run || !isNext) runs.push((run = { at, targets: [], length: 0 }));
    run.targets.push(target);
    run.length += target.length;
  }
  return runs;
}
