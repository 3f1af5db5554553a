import { stat } from 'node:fs/promises';
import type { ContentId } from '../core/facts.ts';
import type { Operation } from '../core/operation.ts';
import { BlockUses } from './blockUses.ts';
import { limited } from './limited.ts';
import { LiveBlocks } from './liveBlocks.ts';
import type { StoreParts } from './maintenance.ts';
import { pacer } from './pace.ts';
import { PackedPacks } from './packedPacks.ts';
import { quarantinedBytes } from './quarantine.ts';
import type { Recipe } from './recipe.ts';
import { readIfWhole } from './recipes.ts';
import type { WholeFiles } from './wholeFiles.ts';

/** Who uses which blocks, at one moment: what contents take that share them. All in bytes. */
export interface Shares {
  /** All packs, all recipes and all whole files. */
  readonly total: number;
  /** Contents that are here, with their own size. */
  readonly sizes: ReadonlyMap<ContentId, number>;
  /** What some contents take together, what they share with others too. */
  stored(ids: Iterable<ContentId>, operation: Pick<Operation, 'signal'>): Promise<number>;
  /** What would be free without some contents. */
  own(ids: Iterable<ContentId>, operation: Pick<Operation, 'signal'>): Promise<number>;
}

interface Content {
  readonly size: number;
  /** What is its alone, such as its recipe. */
  readonly fixed: number;
  /** Which of those that were counted it was; of a whole file there is none. */
  readonly number?: number;
}

/**
 * Which blocks a content has is not kept, only how many contents have a block: with all that is in a store it would be gigabytes. The
 * recipes of several contents are read again when they are asked for together.
 */
export async function sharesOf(
  parts: StoreParts,
  whole: WholeFiles,
  operation: Pick<Operation, 'signal'>,
): Promise<Shares> {
  await parts.packs.scan();
  const { packs, recipes } = parts;
  const { forgotten } = recipes;
  const packed = await PackedPacks.read(parts);
  const readable: typeof recipes = {
    ...recipes,
    read: (id) => readIfWhole(recipes, id),
    forgotten: { ...forgotten, read: (id) => readIfWhole(forgotten, id) },
  };
  const live = await LiveBlocks.find(packs, readable, operation, packed.ids);
  const uses = new BlockUses(packs.table);
  const contents = new Map<ContentId, Content>();
  let total = await quarantinedBytes(parts.directory);
  for (const { size } of packs.list()) total += size;
  const pace = pacer(operation);
  for await (const id of recipes.list()) {
    const recipe = await readable.read(id);
    if (!recipe) continue;
    const fixed = (await stat(recipes.fileOf(id)).catch(() => undefined))?.size ?? 0;
    contents.set(id, { size: recipe.size, fixed, number: uses.add(blocksOf(parts, live, recipe)) });
    total += fixed;
    await pace();
  }
  for await (const id of whole.list()) {
    const size = (await whole.sizeIfHere(id)) ?? 0;
    total += size;
    if (!contents.has(id)) contents.set(id, { size, fixed: size });
  }
  const alone = uses.ofEach();

  const together = async (
    ids: Iterable<ContentId>,
    asking: Pick<Operation, 'signal'>,
  ): Promise<{ stored: number; own: number }> => {
    const known = [...new Set(ids)].flatMap((id) => {
      const content = contents.get(id);
      return content ? [{ id, ...content }] : [];
    });
    const fixed = known.reduce((sum, content) => sum + content.fixed, 0);
    const counted = known.filter(({ number }) => number !== undefined);
    const [only = -1, ...others] = counted.map(({ number }) => number);
    if (others.length === 0) {
      const { stored, own } = alone[only] ?? { stored: 0, own: 0 };
      return { stored: fixed + stored, own: fixed + own };
    }
    const among = uses.among();
    const waits = pacer(asking);
    try {
      for (const { id } of counted) {
        // It may have been moved aside since.
        const recipe = (await readable.read(id)) ?? (await readable.forgotten.read(id));
        if (recipe) among.add(blocksOf(parts, live, recipe));
        await waits();
      }
      const { stored, own } = among.bytes();
      return { stored: fixed + stored, own: fixed + own };
    } finally {
      among.end();
    }
  };
  const inTurn = limited(1);

  return {
    total,
    sizes: new Map([...contents].map(([id, { size }]) => [id, size])),
    stored: async (ids, asking) => (await inTurn(() => together(ids, asking))).stored,
    own: async (ids, asking) => (await inTurn(() => together(ids, asking))).own,
  };
}

/** The copies that a content is read from, those that they are the difference to among them. Some may come several times. */
function* blocksOf(
  { packs }: StoreParts,
  live: LiveBlocks,
  recipe: Recipe,
): Generator<number, void, undefined> {
  for (let number = 0; number < recipe.count; number++) {
    const block = live.keptCopy(recipe.hashAt(number));
    if (block < 0) continue;
    yield block;
    const base = packs.table.baseOf(block);
    const copy = base ? live.keptCopy(base) : -1;
    if (copy >= 0) yield copy;
  }
}
