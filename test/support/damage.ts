import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Flips a bit in the last block of a content, wherever a store has it. */
export function damageContent(store: string, id: string): void {
  const recipe = readFileSync(recipeFile(store, id));
  const hash = recipe.subarray(-68, -36);
  for (const name of readdirSync(path.join(store, 'packs'))) {
    const file = path.join(store, 'packs', name);
    const bytes = readFileSync(file);
    const found = bytes.indexOf(hash);
    if (found === -1) continue;
    // The hash is 16 bytes into the header of the record, the block behind the header.
    flip(file, found - 16 + 84);
  }
}

export function recipeFile(store: string, id: string): string {
  return path.join(store, 'recipes', id.slice(0, 2), id);
}

/** Flips the lowest bit of a byte in a read-only file. */
export function flip(file: string, offset: number): void {
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(offset) ^ 1, offset);
  chmodSync(file, 0o644);
  writeFileSync(file, bytes);
}
