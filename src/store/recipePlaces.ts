import type { Recipe } from './recipe.ts';
import { lastUpTo, startsOf } from './recipeStarts.ts';

/** Where in a content its blocks are. */
export class RecipePlaces {
  readonly recipe: Recipe;
  /** In bytes. */
  readonly starts: Float64Array;
  readonly #numbers = new Map<number, number>();

  constructor(recipe: Recipe) {
    this.recipe = recipe;
    this.starts = startsOf(recipe);
    for (let number = 0; number < recipe.count; number++)
      this.#numbers.set(keyOf(recipe.hashAt(number)), number);
  }

  /** The number of a block: of the one that begins at `place` if it is there, too. */
  numberOf(hash: Uint8Array, place: number | undefined): number | undefined {
    const expected = place === undefined ? -1 : lastUpTo(this.starts, place);
    if (expected >= 0 && this.starts[expected] === place && this.#isAt(expected, hash)) return expected;
    const found = this.#numbers.get(keyOf(hash));
    return found !== undefined && this.#isAt(found, hash) ? found : undefined;
  }

  endOf(number: number): number {
    return (this.starts[number] ?? 0) + this.recipe.lengthAt(number);
  }

  #isAt(number: number, hash: Uint8Array): boolean {
    return Buffer.compare(this.recipe.hashAt(number), hash) === 0;
  }
}

/** Of two blocks with one key, one is not found. */
function keyOf(hash: Uint8Array): number {
  return Buffer.from(hash.buffer, hash.byteOffset, 6).readUIntBE(0, 6);
}
