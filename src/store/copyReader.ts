import { decodeOrUndefined, plainBlock } from './encoding.ts';
import { isHashOf, PackReader } from './packReader.ts';
import type { Packs } from './packs.ts';

/** One copy of a block as it lies in a pack, and the bytes that it stands for, verified. */
export interface BlockCopy {
  readonly stored: Uint8Array;
  readonly bytes: Uint8Array;
}

/** Reads copies of blocks, those that are asked for and no others. */
export class CopyReader {
  readonly #packs: Packs;
  readonly #reader: PackReader;

  constructor(packs: Packs) {
    this.#packs = packs;
    this.#reader = new PackReader(packs);
  }

  /**
   * @param base the copy to take of what the block was encoded against
   * @returns undefined when it is damaged, which is noted, or gone
   * @throws TrailError `io`
   */
  async read(block: number, base = -1): Promise<BlockCopy | undefined> {
    const { table } = this.#packs;
    const place = table.at(block);
    const stored = Buffer.allocUnsafeSlow(place.stored);
    const failed = await this.#reader.read([{ block, target: stored }]);
    if (failed.size > 0) {
      this.#packs.distrust(block);
      return undefined;
    }
    const baseCopy = place.base && (base < 0 ? undefined : await this.read(base));
    if (place.base && !baseCopy) return undefined;
    const { encoding, raw } = place;
    const bytes = decodeOrUndefined({ encoding, stored, raw }, baseCopy && plainBlock(baseCopy.bytes));
    if (bytes && isHashOf(table.hashAt(block), bytes)) return { stored, bytes };
    this.#packs.distrust(block);
    return undefined;
  }

  close(): Promise<void> {
    return this.#reader.close();
  }
}
