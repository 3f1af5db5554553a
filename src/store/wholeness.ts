import { TrailError } from '../core/errors.ts';
import type { ContentId } from '../core/facts.ts';
import { type FileStamp, sameStamp, stampOf } from '../files/stamp.ts';
import type { StoreParts } from './maintenance.ts';
import type { Pack, Packs } from './packs.ts';
import type { Recipe } from './recipe.ts';
import type { Recipes } from './recipes.ts';

/**
 * Whether a content is in the store with all its blocks, as far as is known of the packs that were looked at: none is read. Its packs are
 * kept from being removed for an hour.
 */
export async function isWhole(
  { packs, recipes }: Pick<StoreParts, 'packs' | 'recipes'>,
  id: ContentId,
): Promise<boolean> {
  for (;;) {
    const needs = await needsOf({ packs, recipes }, id);
    if (!needs) return false;
    // Somebody may have chosen to forget it meanwhile.
    if (await packs.touch(needs)) return (await recipes.sizeIfHere(id)) !== undefined;
    // What cannot be relied on may be in another pack too.
  }
}

/** The packs that contents need. To look up each block of a large one takes milliseconds. */
const known = new WeakMap<Packs, Map<ContentId, Needs>>();

interface Needs {
  readonly packs: ReadonlySet<Pack>;
  /** The recipe's file, and all that was lost, when they were looked up. */
  readonly written: FileStamp;
  readonly losses: number;
}

async function needsOf(
  { packs, recipes }: Pick<StoreParts, 'packs' | 'recipes'>,
  id: ContentId,
): Promise<ReadonlySet<Pack> | undefined> {
  const written = await stampOf(recipes.fileOf(id)).catch((error: unknown) => {
    if (!TrailError.is(error, 'notFound')) throw error;
  });
  if (!written) return undefined;
  const before = known.get(packs)?.get(id);
  if (before && before.losses === packs.losses && sameStamp(before.written, written)) return before.packs;
  const { losses } = packs;
  const recipe = await readIfWhole(recipes, id);
  const needed = recipe && packsOf(packs, recipe);
  if (!needed) return undefined;
  const all = known.get(packs) ?? new Map<ContentId, Needs>();
  known.set(packs, all.set(id, { packs: needed, written, losses }));
  return needed;
}

/** A damaged recipe is written anew. */
export async function readIfWhole(recipes: Recipes, id: ContentId): Promise<Recipe | undefined> {
  try {
    return await recipes.read(id);
  } catch (error) {
    if (TrailError.is(error, 'damaged')) return undefined;
    throw error;
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
