import { stat } from 'node:fs/promises';
import { TrailError } from '../core/errors.ts';
import type { ContentId } from '../core/facts.ts';
import type { Operation } from '../core/operation.ts';
import { LiveBlocks } from './liveBlocks.ts';
import type { StoreParts } from './maintenance.ts';
import { pacer } from './pace.ts';
import { recordHeaderBytes } from './packFormat.ts';
import { PackedPacks } from './packedPacks.ts';
import type { Recipe } from './recipe.ts';
import type { WholeFiles } from './wholeFiles.ts';

/** Who uses which blocks, at one moment: what contents take that share them. All in bytes. */
export interface Shares {
  /** All packs, all recipes and all whole files. */
  readonly total: number;
  /** Contents that are here, with their own size. */
  readonly sizes: ReadonlyMap<ContentId, number>;
  /** What some contents take together, what they share with others too. */
  stored(ids: Iterable<ContentId>): number;
  /** What would be free without some contents. */
  own(ids: Iterable<ContentId>): number;
}

interface Content {
  readonly size: number;
  /** What is its alone, such as its recipe. */
  readonly fixed: number;
  /** Each once. */
  readonly blocks: Int32Array;
}

export async function sharesOf(
  parts: StoreParts,
  whole: WholeFiles,
  operation: Pick<Operation, 'signal'>,
): Promise<Shares> {
  await parts.packs.scan();
  const { packs, recipes } = parts;
  const packed = await PackedPacks.read(parts);
  const { forgotten } = recipes;
  const readable: typeof recipes = {
    ...recipes,
    read: (id) => readOrSkip(() => recipes.read(id)),
    forgotten: { ...forgotten, read: (id) => readOrSkip(() => forgotten.read(id)) },
  };
  const live = await LiveBlocks.find(packs, readable, operation, packed.ids);
  const pace = pacer(operation);
  const users = new Uint32Array(packs.table.count);
  const contents = new Map<ContentId, Content>();
  let total = packs.list().reduce((sum, { size }) => sum + size, 0);
  for await (const id of recipes.list()) {
    const recipe = await readable.read(id);
    if (!recipe) continue;
    const fixed = (await stat(recipes.fileOf(id)).catch(() => undefined))?.size ?? 0;
    const blocks = blocksOf(parts, live, recipe);
    for (const block of blocks) users[block] = (users[block] ?? 0) + 1;
    contents.set(id, { size: recipe.size, fixed, blocks });
    total += fixed;
    await pace();
  }
  for await (const id of whole.list()) {
    const size = (await whole.sizeIfHere(id)) ?? 0;
    total += size;
    if (!contents.has(id)) contents.set(id, { size, fixed: size, blocks: new Int32Array(0) });
  }

  /** How many of some contents use each block that any of them uses. */
  const among = (ids: Iterable<ContentId>): { fixed: number; uses: ReadonlyMap<number, number> } => {
    const uses = new Map<number, number>();
    let fixed = 0;
    for (const id of new Set(ids)) {
      const content = contents.get(id);
      fixed += content?.fixed ?? 0;
      for (const block of content?.blocks ?? []) uses.set(block, (uses.get(block) ?? 0) + 1);
    }
    return { fixed, uses };
  };
  const bytesOf = (block: number): number => recordHeaderBytes + packs.table.at(block).stored;

  return {
    total,
    sizes: new Map([...contents].map(([id, { size }]) => [id, size])),
    stored(ids) {
      const { fixed, uses } = among(ids);
      return [...uses.keys()].reduce((sum, block) => sum + bytesOf(block), fixed);
    },
    own(ids) {
      const { fixed, uses } = among(ids);
      let bytes = fixed;
      for (const [block, count] of uses) if (count === users[block]) bytes += bytesOf(block);
      return bytes;
    },
  };
}

/** The copies that a content is read from, those that they are the difference to among them. */
function blocksOf({ packs }: StoreParts, live: LiveBlocks, recipe: Recipe): Int32Array {
  const blocks = new Set<number>();
  for (let number = 0; number < recipe.count; number++) {
    const block = live.keptCopy(recipe.hashAt(number));
    if (block < 0) continue;
    blocks.add(block);
    const base = packs.table.baseOf(block);
    const copy = base ? live.keptCopy(base) : -1;
    if (copy >= 0) blocks.add(copy);
  }
  return Int32Array.from(blocks);
}

async function readOrSkip(read: () => Promise<Recipe | undefined>): Promise<Recipe | undefined> {
  try {
    return await read();
  } catch (error) {
    if (TrailError.is(error, 'damaged')) return undefined;
    throw error;
  }
}
