import * as l10n from '@vscode/l10n';
import { BoundedMap } from '../core/boundedMap.ts';
import type { ContentId } from '../core/facts.ts';
import type { Operation } from '../core/operation.ts';
import { shortId } from '../core/shortId.ts';
import { makeDirectory } from '../files/durable.ts';
import { LiveBlocks } from './liveBlocks.ts';
import type { StoreParts } from './maintenance.ts';
import { rawEncoding } from './packFormat.ts';
import { PackedPacks } from './packedPacks.ts';
import type { Pack } from './packs.ts';
import type { Recipe } from './recipe.ts';
import { readIfWhole } from './recipes.ts';
import { type BlockHint, Repacker } from './repacking.ts';
import { addFreed, type Freed, nothingFreed, type RetireOptions, retireUnneeded } from './retiring.ts';
import { blockHints, type LaidOut, type TensorSpan } from './tensorHints.ts';

/** Less is not worth writing the blocks again. */
const leastSaved = 0.02;
const mostLayouts = 4;

/** A content that may be packed, and the one that it came from. */
export interface PackContent {
  readonly id: ContentId;
  readonly parent?: ContentId;
}

export interface PackSource {
  /** Parents before what came from them. */
  readonly contents: readonly PackContent[];
  layoutOf(id: ContentId): Promise<readonly TensorSpan[] | undefined>;
}

/** Stores the blocks of contents in the smallest way. To be called under the lock. */
export async function packBlocks(
  parts: StoreParts,
  source: PackSource,
  options: RetireOptions,
  operation: Operation,
): Promise<Freed> {
  await makeDirectory(parts.temporaries);
  await parts.packs.scan();
  const packed = await PackedPacks.read(parts);
  const live = await LiveBlocks.find(parts.packs, parts.recipes, operation, packed.ids);
  // What was left when packing was stopped.
  const before = await retireUnneeded(parts, live, live.packs, options, operation);
  const packing = new Packing({ parts, live, packed, source, options, operation });
  try {
    for (const content of source.contents) await packing.pack(content);
    return addFreed(before, await packing.finish());
  } finally {
    await packing.close();
  }
}

interface PackingOptions {
  readonly parts: StoreParts;
  readonly live: LiveBlocks;
  readonly packed: PackedPacks;
  readonly source: PackSource;
  readonly options: RetireOptions;
  readonly operation: Operation;
}

class Packing {
  readonly #given: PackingOptions;
  readonly #repacker: Repacker;
  readonly #layouts = new BoundedMap<ContentId, readonly TensorSpan[]>(mostLayouts);
  /** Packs with blocks in the batch. */
  readonly #packs = new Set<Pack>();
  readonly #seen = new Set<number>();
  readonly #total: number;
  #done = 0;
  #freed = nothingFreed;

  constructor(given: PackingOptions) {
    this.#given = given;
    this.#total = given.live.packs.reduce((sum, pack) => sum + this.#bytesToDo(pack), 0);
    this.#repacker = new Repacker(given.parts, given.live, given.operation, this.#total);
  }

  async pack({ id, parent }: PackContent): Promise<void> {
    const { live, parts, operation } = this.#given;
    const recipe = await readIfWhole(this.#given.parts.recipes, id);
    if (!recipe) return;
    const label = l10n.t('Packing {0}', shortId(id));
    let hints: readonly BlockHint[] | undefined;
    for (let number = 0; number < recipe.count; number++) {
      const block = live.keptCopy(recipe.hashAt(number));
      if (block < 0 || !this.#isToDo(block)) continue;
      hints ??= await this.#hintsFor(id, recipe, parent);
      await this.#repacker.encode(block, hints[number] ?? {});
      this.#seen.add(block);
      this.#packs.add(parts.packs.packOf(block));
      this.#done += recipe.lengthAt(number);
      operation.report({ label, done: Math.min(this.#done, this.#total), total: this.#total });
      if (this.#repacker.isFull) await this.#settle();
    }
  }

  async finish(): Promise<Freed> {
    await this.#settle();
    return this.#freed;
  }

  close(): Promise<void> {
    return this.#repacker.close();
  }

  async #settle(): Promise<void> {
    const { parts, live, packed, options, operation } = this.#given;
    const added = this.#repacker.saved >= leastSaved ? await this.#repacker.commit() : [];
    await this.#repacker.discard();
    const looked = [...this.#packs].filter((pack) => this.#bytesToDo(pack) === 0);
    await packed.add([...added, ...looked].map(({ id }) => id));
    this.#freed = addFreed(this.#freed, await retireUnneeded(parts, live, looked, options, operation));
    for (const pack of looked) this.#packs.delete(pack);
  }

  #isToDo(block: number): boolean {
    const { packs } = this.#given.parts;
    const { encoding, base } = packs.table.at(block);
    if (this.#seen.has(block)) return false;
    if (encoding === rawEncoding) return !this.#given.packed.ids.has(packs.packOf(block).id);
    // What it is the difference to is kept for its sake alone.
    return base !== undefined && !this.#isNamed(base);
  }

  #isNamed(hash: Uint8Array): boolean {
    const block = this.#given.live.keptCopy(hash);
    return block >= 0 && this.#given.live.isNamed(block);
  }

  /** Bytes in a pack that are yet to be looked at. */
  #bytesToDo(pack: Pack): number {
    const { parts, live } = this.#given;
    let bytes = 0;
    for (let block = pack.first; block < pack.end; block++) {
      if (live.isKept(block) && this.#isToDo(block)) bytes += parts.packs.table.at(block).raw;
    }
    return bytes;
  }

  async #hintsFor(
    id: ContentId,
    recipe: Recipe,
    parent: ContentId | undefined,
  ): Promise<readonly BlockHint[]> {
    const tensors = await this.#layoutOf(id);
    const recipeOfParent =
      parent === undefined ? undefined : await readIfWhole(this.#given.parts.recipes, parent);
    const laidOut: LaidOut | undefined =
      parent === undefined || !recipeOfParent
        ? undefined
        : { recipe: recipeOfParent, tensors: await this.#layoutOf(parent) };
    return blockHints({ recipe, tensors }, laidOut);
  }

  async #layoutOf(id: ContentId): Promise<readonly TensorSpan[]> {
    const known = this.#layouts.get(id);
    if (known) return known;
    const layout = (await this.#given.source.layoutOf(id)) ?? [];
    this.#layouts.set(id, layout);
    return layout;
  }
}
