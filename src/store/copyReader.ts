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
    if (failed.size > 0) return this.#damaged(block);
    const baseCopy = place.base && (base < 0 ? undefined : await this.read(base));
    if (place.base && !baseCopy) return undefined;
    const { encoding, raw } = place;
    const bytes = decodeOrUndefined({ encoding, stored, raw }, baseCopy && plainBlock(baseCopy.bytes));
    return bytes && isHashOf(table.hashAt(block), bytes) ? { stored, bytes } : this.#damaged(block);
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  #damaged(block: number): undefined {
    // One whose pack went away is not damaged.
    if (!this.#packs.isReadable(block)) return undefined;
    const { file } = this.#packs.packOf(block);
    const { offset, stored } = this.#packs.table.at(block);
    this.#packs.distrust(block);
    this.#packs.note({ file, part: 'record', from: offset, to: offset + stored });
    return undefined;
  }
}
