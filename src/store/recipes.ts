import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import type { ContentId } from '../core/facts.ts';
import { shortId } from '../core/shortId.ts';
import { placeDurably } from '../files/durable.ts';
import { namesIn } from '../files/namesIn.ts';
import { setModeIfAllowed } from '../files/ownerOnly.ts';
import { systemError } from '../files/systemError.ts';
import { isRecipeSize, parseRecipe, type Recipe } from './recipe.ts';

const objectMode = 0o444;
/** Of what a content had before it was moved aside. */
export const forgottenSuffix = '.forgotten';

/** A folder with a file for each content, `ab/ab12…`. */
export interface ContentFolder {
  fileOf(id: ContentId): string;
  /** The size of its file, undefined when there is none. */
  sizeIfHere(id: ContentId): Promise<number | undefined>;
  list(): AsyncIterable<ContentId>;
}

/** @param suffix of the names of the files that are meant */
export function contentFolder(folder: string, suffix = ''): ContentFolder {
  const fileOf = (id: ContentId): string => {
    // An id may come from a file that somebody else wrote: it must not lead out of the store.
    if (!isContentId(id)) throw new TrailError('usage', l10n.t('"{0}" is not a SHA-256.', id));
    return path.join(folder, id.slice(0, 2), id + suffix);
  };
  return {
    fileOf,
    async sizeIfHere(id) {
      const file = fileOf(id);
      try {
        const stats = await stat(file);
        return stats.isFile() ? stats.size : undefined;
      } catch (error) {
        const problem = systemError(error, file);
        if (problem.code === 'notFound') return undefined;
        throw problem;
      }
    },
    async *list() {
      for (const prefix of await namesIn(folder)) {
        if (!/^[0-9a-f]{2}$/.test(prefix)) continue;
        for (const name of await namesIn(path.join(folder, prefix))) {
          const id = name.slice(0, 64);
          if (name === id + suffix && isContentId(id) && id.startsWith(prefix)) yield id;
        }
      }
    },
  };
}

interface RecipeFolder extends ContentFolder {
  /** @returns undefined when there is none. @throws TrailError `damaged`, `io` */
  read(id: ContentId): Promise<Recipe | undefined>;
  /** It is on the disk when this resolves. */
  write(id: ContentId, recipe: Recipe): Promise<void>;
}

export interface Recipes extends RecipeFolder {
  /** What is moved aside, and may be wanted again until that is final. */
  readonly forgotten: RecipeFolder;
}

export function openRecipes(folder: string, temporaries: string): Recipes {
  return {
    ...recipeFolder(folder, temporaries),
    forgotten: recipeFolder(folder, temporaries, forgottenSuffix),
  };
}

function recipeFolder(folder: string, temporaries: string, suffix?: string): RecipeFolder {
  const files = contentFolder(folder, suffix);
  return {
    ...files,
    async read(id) {
      const size = await files.sizeIfHere(id);
      if (size === undefined) return undefined;
      try {
        return parseRecipe(isRecipeSize(size) ? await readUpTo(files.fileOf(id), size) : Buffer.alloc(0));
      } catch (error) {
        if (TrailError.is(error, 'damaged')) throw damagedRecipe(id, files.fileOf(id), error);
        const problem = systemError(error, files.fileOf(id));
        if (problem.code === 'notFound') return undefined;
        throw problem;
      }
    },
    async write(id, recipe) {
      await placeDurably(files.fileOf(id), temporaries, async (handle) => {
        await handle.writeFile(recipe.format());
        await setModeIfAllowed(handle, objectMode);
      });
    },
  };
}

/** For whom a damaged recipe is as good as none: it is written anew, or is none of their business. */
export async function readIfWhole(
  { read }: Pick<RecipeFolder, 'read'>,
  id: ContentId,
): Promise<Recipe | undefined> {
  try {
    return await read(id);
  } catch (error) {
    if (TrailError.is(error, 'damaged')) return undefined;
    throw error;
  }
}

/** A file that grows meanwhile is not followed. */
async function readUpTo(file: string, size: number): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const bytes = Buffer.alloc(size);
    const { bytesRead } = await handle.read(bytes, 0, size, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function isContentId(id: string): boolean {
  return /^[0-9a-f]{64}$/.test(id);
}

function damagedRecipe(id: ContentId, file: string, cause: unknown): TrailError {
  return new TrailError(
    'damaged',
    l10n.t('Version {0} cannot be put together: the list of its blocks, {1}, is damaged.', shortId(id), file),
    { cause },
  );
}
