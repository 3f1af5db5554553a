import { hash } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import { hashBytes, maxBlockBytes } from './packFormat.ts';

const magic = Buffer.from('MTRECIP1', 'latin1');
const headBytes = 20;
const itemBytes = hashBytes + 4;
/** Room for the blocks of half a terabyte that was cut by content, and for those of eight that follow tensors. */
const maxBlocks = 1 << 23;

/** The blocks that make up one content, in order. */
export class Recipe {
  /** Of the content, in bytes. */
  readonly size: number;
  readonly count: number;
  readonly #items: Buffer;

  constructor(items: Buffer, size: number) {
    this.#items = items;
    this.size = size;
    this.count = items.length / itemBytes;
  }

  /** A view of the SHA-256 of a block. */
  hashAt(block: number): Buffer {
    return this.#items.subarray(block * itemBytes, block * itemBytes + hashBytes);
  }

  lengthAt(block: number): number {
    return this.#items.readUInt32LE(block * itemBytes + hashBytes);
  }

  format(): Buffer {
    const bytes = Buffer.concat([
      magic,
      Buffer.alloc(headBytes - magic.length),
      this.#items,
      Buffer.alloc(hashBytes),
    ]);
    bytes.writeBigUInt64LE(BigInt(this.size), 8);
    bytes.writeUInt32LE(this.count, 16);
    const end = bytes.length - hashBytes;
    bytes.set(hash('sha256', bytes.subarray(0, end), 'buffer'), end);
    return bytes;
  }
}

/** Whether a file of this many bytes can be a recipe; to be asked before it is read. */
export function isRecipeSize(bytes: number): boolean {
  const items = bytes - headBytes - hashBytes;
  return items >= 0 && items % itemBytes === 0 && items / itemBytes <= maxBlocks;
}

/** @throws TrailError `damaged` */
export function parseRecipe(bytes: Buffer): Recipe {
  const broken = (): TrailError => new TrailError('damaged', l10n.t('The list of its blocks is damaged.'));
  const end = bytes.length - hashBytes;
  if (!isRecipeSize(bytes.length) || !bytes.subarray(0, magic.length).equals(magic)) throw broken();
  if (!hash('sha256', bytes.subarray(0, end), 'buffer').equals(bytes.subarray(end))) throw broken();
  const recipe = new Recipe(bytes.subarray(headBytes, end), Number(bytes.readBigUInt64LE(8)));
  let size = 0;
  for (let block = 0; block < recipe.count; block++) {
    const length = recipe.lengthAt(block);
    if (length === 0 || length > maxBlockBytes) throw broken();
    size += length;
  }
  if (size !== recipe.size || bytes.readUInt32LE(16) !== recipe.count) throw broken();
  return recipe;
}

export class RecipeBuilder {
  #items = Buffer.alloc(64 * itemBytes);
  #end = 0;
  #size = 0;

  add(hashOfBlock: Uint8Array, length: number): void {
    if (this.#end === this.#items.length) {
      this.#items = Buffer.concat([this.#items, Buffer.alloc(this.#items.length)]);
    }
    this.#items.set(hashOfBlock, this.#end);
    this.#items.writeUInt32LE(length, this.#end + hashBytes);
    this.#end += itemBytes;
    this.#size += length;
  }

  build(): Recipe {
    if (this.#end > maxBlocks * itemBytes) {
      throw new TrailError('refused', l10n.t('This file is too large to be kept: it has too many blocks.'));
    }
    return new Recipe(this.#items.subarray(0, this.#end), this.#size);
  }
}
