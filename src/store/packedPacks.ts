import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeDurably } from '../files/safeWrite.ts';
import type { StoreParts } from './maintenance.ts';

/**
 * The packs of which every block is stored as small as it gets, so that nobody tries again. A cache: without it packing takes longer
 * and comes to the same.
 */
export class PackedPacks {
  readonly #file: string;
  readonly ids: Set<string>;

  private constructor(file: string, ids: Set<string>) {
    this.#file = file;
    this.ids = ids;
  }

  static async read({ directory, packs }: StoreParts): Promise<PackedPacks> {
    const file = path.join(directory, 'packed');
    const text = await readFile(file, 'latin1').catch(() => '');
    const listed = new Set(text.split('\n'));
    const here = packs.list().filter(({ id }) => listed.has(id));
    return new PackedPacks(file, new Set(here.map(({ id }) => id)));
  }

  /** Of packs that cannot be packed any further. */
  async add(ids: readonly string[]): Promise<void> {
    const fresh = ids.filter((id) => !this.ids.has(id));
    if (fresh.length === 0) return;
    for (const id of fresh) this.ids.add(id);
    await writeDurably(this.#file, [...this.ids, ''].join('\n'));
  }
}
