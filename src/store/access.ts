import type { FileHandle } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { BoundedMap } from '../core/boundedMap.ts';
import { TrailError } from '../core/errors.ts';
import type { ContentId } from '../core/facts.ts';
import { readBlock } from './blockReader.ts';
import { PackReader } from './packReader.ts';
import type { Packs } from './packs.ts';
import type { Recipe } from './recipe.ts';
import { lastUpTo, startsOf } from './recipeStarts.ts';
import { type ContentAccess, DamagedContent } from './store.ts';

/** Headers are read in many small steps: the block that they are in is kept. */
const keptBlocks = 4;

/** Reads parts of a content through its blocks. */
export function blockAccess(packs: Packs, recipe: Recipe, id: ContentId): ContentAccess {
  const reader = new PackReader(packs);
  const starts = startsOf(recipe);
  const kept = new BoundedMap<number, Uint8Array>(keptBlocks);

  const blockAt = async (number: number): Promise<Uint8Array> => {
    const known = kept.get(number);
    if (known) return known;
    const from = starts[number] ?? 0;
    const length = recipe.lengthAt(number);
    const bytes = await readBlock(packs, reader, recipe.hashAt(number), length);
    if (!bytes) throw new DamagedContent(id, { from, to: from + length });
    kept.set(number, bytes);
    return bytes;
  };

  return {
    size: recipe.size,
    async read(offset, length) {
      requireRange(recipe.size, offset, length);
      const result = new Uint8Array(length);
      for (let done = 0, number = lastUpTo(starts, offset); done < length; number++) {
        const block = await blockAt(number);
        const from = offset + done - (starts[number] ?? 0);
        const part = block.subarray(from, from + length - done);
        result.set(part, done);
        done += part.length;
      }
      return result;
    },
    madeOf(offset, length) {
      let number = lastUpTo(starts, offset);
      if (starts[number] !== offset || offset + length > recipe.size) return undefined;
      const hashes: Uint8Array[] = [];
      for (; number < recipe.count && (starts[number] ?? 0) < offset + length; number++)
        hashes.push(recipe.hashAt(number));
      return Buffer.concat(hashes).toString('base64');
    },
    close: () => reader.close(),
  };
}

export async function fileAccess(handle: FileHandle): Promise<ContentAccess> {
  const { size } = await handle.stat();
  return {
    size,
    async read(offset, length) {
      requireRange(size, offset, length);
      const result = new Uint8Array(length);
      const { bytesRead } = await handle.read(result, 0, length, offset);
      requireRange(offset + bytesRead, offset, length);
      return result;
    },
    close: () => handle.close(),
  };
}

function requireRange(size: number, offset: number, length: number): void {
  if (offset >= 0 && length >= 0 && offset + length <= size) return;
  throw new TrailError('damaged', l10n.t('The content ends at byte {0}, before what it should hold.', size));
}
