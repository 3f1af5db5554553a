import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import type { ContentId } from '../core/facts.ts';
import { type Operation, throwIfCancelled } from '../core/operation.ts';
import { readContent } from './contentReader.ts';
import type { Packs } from './packs.ts';
import { type Recipe, RecipeBuilder } from './recipe.ts';
import { RecipePlaces } from './recipePlaces.ts';

export interface Readability {
  readonly packs: Packs;
  /** Undefined for a content that is a whole file. @throws TrailError `damaged`, `missingBytes` */
  recipeOf(id: ContentId): Promise<Recipe | undefined>;
  /** Whether a whole file is what it should be. */
  isWholeFile(id: ContentId): Promise<boolean>;
}

/**
 * Reads contents, but for the blocks that others have too. What turns out to be damaged is not relied on any more.
 * @returns whether they can be had again
 */
export async function areReadable(
  { packs, recipeOf, isWholeFile }: Readability,
  ids: readonly ContentId[],
  others: readonly ContentId[],
  operation: Operation,
): Promise<boolean> {
  const elsewhere = new RecipeBuilder();
  for (const id of others) {
    const recipe = await recipeOf(id).catch(() => undefined);
    if (recipe) addBlocks(elsewhere, recipe);
  }
  const places = new RecipePlaces(elsewhere.build());
  const wanted = new RecipeBuilder();
  let areWhole = true;
  for (const id of ids) {
    throwIfCancelled(operation);
    try {
      const recipe = await recipeOf(id);
      if (recipe) addBlocks(wanted, recipe, (hash) => places.numberOf(hash, undefined) === undefined);
      else if (!(await isWholeFile(id))) areWhole = false;
    } catch (error) {
      if (!TrailError.is(error, 'damaged', 'missingBytes')) throw error;
      areWhole = false;
    }
  }
  const recipe = wanted.build();
  const onDamage = (): void => {
    areWhole = false;
  };
  let done = 0;
  for await (const chunk of readContent(packs, recipe, { onDamage })) {
    throwIfCancelled(operation);
    done += chunk.length;
    operation.report({ label: l10n.t('Verifying what will be replaced'), done, total: recipe.size });
  }
  return areWhole;
}

function addBlocks(
  all: RecipeBuilder,
  recipe: Recipe,
  isWanted: (hash: Uint8Array) => boolean = () => true,
): void {
  for (let block = 0; block < recipe.count; block++) {
    const hash = recipe.hashAt(block);
    if (isWanted(hash)) all.add(hash, recipe.lengthAt(block));
  }
}
