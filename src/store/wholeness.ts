import { TrailError } from '../core/errors.ts';
import type { ContentId } from '../core/facts.ts';
import { mapBounded } from '../files/mapBounded.ts';
import { type FileStamp, sameStamp, stampOf } from '../files/stamp.ts';
import type { Pack, Packs } from './packs.ts';
import type { Recipe } from './recipe.ts';
import { readIfWhole, type Recipes } from './recipes.ts';

/** The packs that a content needs. */
interface Needs {
  readonly packs: ReadonlySet<Pack>;
  /** The recipe's file, and all that was lost, when they were looked up. */
  readonly written: FileStamp;
  readonly losses: number;
  /** When we touched the packs: after the recipe was seen. */
  touched?: number;
}

const breadth = 8;
/** Well within the hour that a pack which somebody touched is left alone. */
export const touchAgainMs = 15 * 60_000;

/**
 * Which contents are in a store with all their blocks, as far as is known of the packs that were looked at: none is read.
 *
 * The packs of a content are touched once its recipe was seen, and for a while not again, as long as the recipe is the same file and the packs
 * are where they were. Whoever removes packs goes by what recipes named at a moment and removes none that was touched since. If that
 * moment was before our touch, the packs stay for that; if after, the recipe was there, be it moved aside, and names them. Only what has
 * a copy elsewhere goes at any time.
 */
export class Wholeness {
  readonly #packs: Packs;
  readonly #recipes: Recipes;
  /** To look up each block of a large content takes milliseconds. */
  readonly #known = new Map<ContentId, Needs>();

  constructor(packs: Packs, recipes: Recipes) {
    this.#packs = packs;
    this.#recipes = recipes;
  }

  /** Those of some contents that are whole. Their packs are kept from being removed for most of an hour. */
  async among(ids: readonly ContentId[]): Promise<ReadonlySet<ContentId>> {
    for (;;) {
      await this.#packs.scan();
      const found = await this.#withNeeds(ids);
      const whole = [...found.keys()];
      const untouched = [...found.values()].filter((needs) => !this.#isTouched(needs));
      if (untouched.length === 0) return new Set(whole);
      // What cannot be relied on may be in another pack too.
      if (!(await this.#touch(untouched))) continue;
      // Somebody may have chosen to forget one meanwhile.
      const sizes = await mapBounded(whole, breadth, (id) => this.#recipes.sizeIfHere(id));
      return new Set(whole.filter((_, index) => sizes[index] !== undefined));
    }
  }

  async #touch(all: readonly Needs[]): Promise<boolean> {
    const now = Date.now();
    const packs = new Set(all.flatMap((needs) => [...needs.packs]));
    if (!(await this.#packs.touch(packs))) return false;
    for (const needs of all) needs.touched = now;
    return true;
  }

  #isTouched({ packs, touched }: Needs): boolean {
    if (touched === undefined || Math.abs(Date.now() - touched) > touchAgainMs) return false;
    return [...packs].every((pack) => this.#packs.isHere(pack));
  }

  async #withNeeds(ids: readonly ContentId[]): Promise<ReadonlyMap<ContentId, Needs>> {
    const found = new Map<ContentId, Needs>();
    await mapBounded(ids, breadth, async (id) => {
      const needs = await this.#needsOf(id);
      if (needs) found.set(id, needs);
    });
    return found;
  }

  async #needsOf(id: ContentId): Promise<Needs | undefined> {
    const written = await stampOf(this.#recipes.fileOf(id)).catch((error: unknown) => {
      if (!TrailError.is(error, 'notFound')) throw error;
    });
    if (!written) return undefined;
    const { losses } = this.#packs;
    const before = this.#known.get(id);
    if (before && before.losses === losses && sameStamp(before.written, written)) return before;
    const recipe = await readIfWhole(this.#recipes, id);
    const packs = recipe && packsOf(this.#packs, recipe);
    if (!packs) return undefined;
    const needs = { packs, written, losses };
    this.#known.set(id, needs);
    return needs;
  }
}

/** The packs that a content needs; undefined when a block of it is nowhere. */
function packsOf(packs: Packs, recipe: Recipe): ReadonlySet<Pack> | undefined {
  const found = new Set<Pack>();
  for (let number = 0; number < recipe.count; number++) {
    const needed = packs.packsToRelyOn(recipe.hashAt(number));
    if (!needed) return undefined;
    for (const pack of needed) found.add(pack);
  }
  return found;
}
