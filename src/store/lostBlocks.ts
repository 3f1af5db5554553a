import type { Packs } from './packs.ts';
import type { Recipe } from './recipe.ts';

/** Whether blocks of a content that are lost, as far as is known, are in another content, or what they are the difference to. */
export function sharesLost(packs: Packs, recipe: Recipe, other: Recipe): boolean {
  const lost = new Set<string>();
  for (let number = 0; number < recipe.count; number++)
    for (const hash of lostFor(packs, recipe.hashAt(number))) lost.add(keyOf(hash));
  for (let number = 0; number < other.count; number++) if (lost.has(keyOf(other.hashAt(number)))) return true;
  return false;
}

/** Any of what this names brings a block back when it is put in again; nothing for one that can be read. */
function lostFor(packs: Packs, hash: Uint8Array): readonly Uint8Array[] {
  const lost = [hash];
  for (let block = packs.find(hash); block >= 0; block = packs.find(hash, block)) {
    const base = packs.table.baseOf(block);
    if (!base || packs.find(base) >= 0) return [];
    lost.push(base);
  }
  return lost;
}

function keyOf(hash: Uint8Array): string {
  return Buffer.from(hash).toString('latin1');
}
