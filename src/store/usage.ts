import { stat } from 'node:fs/promises';
import type { Packs } from './packs.ts';
import type { Recipes } from './recipes.ts';
import type { ContentUsage, StoreUsage } from './store.ts';
import type { WholeFiles } from './wholeFiles.ts';

/**
 * Marks what is needed: for each block in the table of `packs`, 1 where a recipe names it or a block that is needed was encoded against it.
 * A block that is in several packs is marked in all of them.
 * @throws TrailError `damaged` when a recipe cannot be read: then nobody knows what it needs
 */
export async function neededBlocks(packs: Packs, recipes: Recipes): Promise<Uint8Array> {
  await packs.scan();
  const needed = new Uint8Array(packs.table.count);
  const mark = (hash: Uint8Array): void => {
    for (let block = packs.table.find(hash); block >= 0; block = packs.table.find(hash, block)) {
      if (needed[block] === 1) continue;
      needed[block] = 1;
      const base = packs.table.baseOf(block);
      if (base) mark(base);
    }
  };
  for await (const id of recipes.list()) {
    const recipe = await recipes.read(id);
    if (!recipe) continue;
    for (let number = 0; number < recipe.count; number++) mark(recipe.hashAt(number));
  }
  return needed;
}

/** What each content takes, and the store as a whole. */
export async function usageOf(packs: Packs, recipes: Recipes, whole: WholeFiles): Promise<StoreUsage> {
  await packs.scan();
  const ids: string[] = [];
  const users = new UserOfBlocks(packs.table.count);
  let total = packs.list().reduce((sum, { size }) => sum + size, 0);
  for await (const id of recipes.list()) {
    const recipe = await recipes.read(id).catch(() => undefined);
    if (!recipe) continue;
    const user = ids.push(id);
    for (let number = 0; number < recipe.count; number++) {
      forEachPart(packs, recipe.hashAt(number), (block) => users.add(block, user));
    }
    total += (await stat(recipes.fileOf(id)).catch(() => undefined))?.size ?? 0;
  }
  const contents: ContentUsage[] = [];
  for (const id of ids) {
    const recipe = await recipes.read(id);
    if (!recipe) continue;
    const seen = new Set<number>();
    let stored = 0;
    let own = 0;
    for (let number = 0; number < recipe.count; number++) {
      forEachPart(packs, recipe.hashAt(number), (block) => {
        if (seen.has(block)) return;
        seen.add(block);
        const bytes = packs.table.at(block).stored;
        stored += bytes;
        if (!users.isShared(block)) own += bytes;
      });
    }
    contents.push({ id, size: recipe.size, stored, own });
  }
  for await (const id of whole.list()) {
    const size = (await whole.sizeIfHere(id)) ?? 0;
    total += size;
    if (!ids.includes(id)) contents.push({ id, size, stored: size, own: size });
  }
  return { contents, total };
}

/** The block as it would be read, and the one that it was encoded against. */
function forEachPart(packs: Packs, hash: Uint8Array, visit: (block: number) => void): void {
  const block = packs.find(hash);
  if (block < 0) return;
  visit(block);
  const base = packs.table.baseOf(block);
  const baseBlock = base ? packs.find(base) : -1;
  if (baseBlock >= 0) visit(baseBlock);
}

/** Whether one or several use a block; users are numbered from 1. */
class UserOfBlocks {
  readonly #only: Int32Array;

  constructor(blocks: number) {
    this.#only = new Int32Array(blocks);
  }

  add(block: number, user: number): void {
    const before = this.#only[block];
    this.#only[block] = before === 0 || before === user ? user : -1;
  }

  isShared(block: number): boolean {
    return this.#only[block] === -1;
  }
}
