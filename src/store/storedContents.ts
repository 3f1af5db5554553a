import * as l10n from '@vscode/l10n';
import { systemCode, TrailError } from '../core/errors.ts';
import type { ContentId } from '../core/facts.ts';
import { type Operation, throwIfCancelled } from '../core/operation.ts';
import { shortId } from '../core/shortId.ts';
import { contentOfHandle } from '../files/hash.ts';
import { createStreamHash } from '../files/streamHash.ts';
import { blockAccess, fileAccess } from './access.ts';
import type { FileCopy } from './blocksInFile.ts';
import { readContent, type ReadOptions } from './contentReader.ts';
import type { DamagedRange } from './contentWindow.ts';
import type { StoreParts } from './maintenance.ts';
import { areReadable } from './readability.ts';
import type { Recipe } from './recipe.ts';
import type { Recipes } from './recipes.ts';
import { type ContentStore, DamagedContent, missing } from './store.ts';
import type { WholeFiles } from './wholeFiles.ts';

type Reading = Omit<ContentStore, 'put'>;

/** Reads what is in a store, as blocks or still as whole files, and checks every byte. */
export function storedContents(
  { packs, recipes }: Pick<StoreParts, 'packs'> & { readonly recipes: Omit<Recipes, 'forgotten'> },
  whole: Omit<WholeFiles, 'forgotten'>,
): Reading {
  /** A damaged list of blocks is no loss while the whole file is still there. */
  const recipeOf = async (id: ContentId): Promise<Recipe | undefined> => {
    try {
      return await recipes.read(id);
    } catch (error) {
      if (!TrailError.is(error, 'damaged')) throw error;
      packs.note({ file: recipes.fileOf(id), part: 'recipe', from: 0, to: 0 });
      if ((await whole.sizeIfHere(id)) === undefined) throw error;
      return undefined;
    }
  };

  /** Where a content is: as blocks, or still as a file, which may be turned into blocks while it is looked for. */
  const find = async (id: ContentId) => {
    const recipe = await recipeOf(id);
    if (recipe) return { recipe };
    const handle = await whole.openIfHere(id);
    if (handle) return { handle };
    const migrated = await recipeOf(id);
    if (migrated) return { recipe: migrated };
    throw missing(id);
  };

  const open = async function* (
    id: ContentId,
    { copy, ...options }: Omit<ReadOptions, 'copy'> & { readonly copy?: FileCopy },
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const { recipe, handle } = await find(id);
    if (recipe) {
      // A list of blocks that cannot be read is none to go by.
      const others = copy && (await recipes.read(copy.id).catch(() => undefined));
      const found = others && { file: copy.file, recipe: others };
      return yield* readContent(packs, recipe, { ...options, copy: found });
    }
    try {
      yield* contentOfHandle(handle, whole.fileOf(id));
    } catch (error) {
      // A bad place on the disk is like damaged bytes: they may be elsewhere.
      if (!TrailError.is(error, 'io') || systemCode(error.cause) !== 'EIO') throw error;
      throw new TrailError('damaged', error.message, { cause: error.cause });
    } finally {
      await handle.close();
    }
  };

  const refuse =
    (id: ContentId) =>
    (range: DamagedRange): never => {
      throw new DamagedContent(id, range);
    };

  const sizeOf = async (id: ContentId): Promise<number> => {
    const size = (await recipeOf(id))?.size ?? (await whole.sizeIfHere(id)) ?? (await recipeOf(id))?.size;
    if (size === undefined) throw missing(id);
    return size;
  };

  const hashOf = async (
    id: ContentId,
    operation: Operation,
    onDamage: (range: DamagedRange) => void,
  ): Promise<string> => {
    const total = await sizeOf(id);
    const label = l10n.t('Verifying {0}', shortId(id));
    const hash = createStreamHash(total);
    let done = 0;
    let taken = Promise.resolve();
    try {
      for await (const chunk of open(id, { onDamage, thorough: true })) {
        throwIfCancelled(operation);
        await taken;
        taken = hash.update(chunk);
        done += chunk.length;
        operation.report({ label, done, total });
      }
      return await hash.digest();
    } finally {
      hash.dispose();
    }
  };

  const check = async (id: ContentId, operation: Operation): Promise<'ok' | 'missing' | 'damaged'> => {
    try {
      return (await hashOf(id, operation, refuse(id))) === id ? 'ok' : 'damaged';
    } catch (error) {
      if (TrailError.is(error, 'missingBytes')) return 'missing';
      if (TrailError.is(error, 'damaged')) return 'damaged';
      throw error;
    }
  };

  return {
    async has(id) {
      return ((await recipes.sizeIfHere(id)) ?? (await whole.sizeIfHere(id))) !== undefined;
    },

    open: (id, copy) => open(id, { onDamage: refuse(id), copy }),

    async access(id) {
      const { recipe, handle } = await find(id);
      return recipe ? blockAccess(packs, recipe, id) : fileAccess(handle);
    },

    sizeOf,

    async *list() {
      yield* recipes.list();
      for await (const id of whole.list()) if ((await recipes.sizeIfHere(id)) === undefined) yield id;
    },

    check,

    areReadable: (ids, others, operation) => {
      const isWholeFile = async (id: ContentId): Promise<boolean> => (await check(id, operation)) === 'ok';
      return areReadable({ packs, recipeOf, isWholeFile }, ids, others, operation);
    },

    async damagedRanges(id, operation) {
      const ranges: DamagedRange[] = [];
      await hashOf(id, operation, (range) => {
        const last = ranges.at(-1);
        if (last?.to === range.from) ranges[ranges.length - 1] = { from: last.from, to: range.to };
        else ranges.push(range);
      });
      return ranges;
    },
  };
}
