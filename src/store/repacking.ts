import type { Operation } from '../core/operation.ts';
import { type BlockCopy, CopyReader } from './copyReader.ts';
import { encodeBlock } from './encoding.ts';
import type { LiveBlocks } from './liveBlocks.ts';
import type { StoreParts } from './maintenance.ts';
import { pacer } from './pace.ts';
import { deltaEncoding } from './packFormat.ts';
import type { Pack } from './packs.ts';
import { type NewBlock, PackWriter } from './packWriter.ts';
import type { ElementBytes } from './planes.ts';

/** Of blocks that are written again before they are made to last: what is lost when it is stopped. */
const batchBytes = 128 << 20;
const flushBytes = 4 << 20;

/** What is known of a block from the tensors of the file that it is in. */
export interface BlockHint {
  readonly elementBytes?: ElementBytes;
  /** The hash of the same tensor's block in the parent version, of the same length. */
  readonly base?: Uint8Array;
}

/** Writes blocks again, in batches: each lasts before the copies that were there count as not needed. */
export class Repacker {
  readonly #parts: StoreParts;
  readonly #live: LiveBlocks;
  readonly #pace: () => Promise<void>;
  readonly #reader: CopyReader;
  readonly #expected: number;
  #batch: Batch | undefined;

  /** @param bytes that will be written, about */
  constructor(parts: StoreParts, live: LiveBlocks, operation: Operation, bytes: number) {
    this.#parts = parts;
    this.#live = live;
    this.#pace = pacer(operation);
    this.#reader = new CopyReader(parts.packs);
    this.#expected = Math.min(bytes, batchBytes);
  }

  /** Whether it is time to commit. */
  get isFull(): boolean {
    return (this.#batch?.raw ?? 0) >= batchBytes;
  }

  /** What the batch saves of what its blocks took, from 0 to 1; less when they take more now. */
  get saved(): number {
    return this.#batch ? 1 - this.#batch.after / this.#batch.before : 0;
  }

  has(hash: Uint8Array): boolean {
    return this.#batch?.blocks.has(keyOf(hash)) ?? false;
  }

  /** Copies a block as it is stored. @returns false when it is damaged */
  async carry(block: number): Promise<boolean> {
    await this.#pace();
    const { raw, encoding, base } = this.#parts.packs.table.at(block);
    const hash = Uint8Array.from(this.#parts.packs.table.hashAt(block));
    const copy = await this.#read(block);
    if (copy && !this.has(hash)) await this.#add(block, { hash, encoding, raw, base, bytes: copy.stored });
    return copy !== undefined;
  }

  /** Stores a block in the smallest way. @returns false when it is damaged */
  async encode(block: number, hint: BlockHint): Promise<boolean> {
    await this.#pace();
    const hash = Uint8Array.from(this.#parts.packs.table.hashAt(block));
    const copy = await this.#read(block);
    if (!copy) return false;
    const raw = copy.bytes.length;
    const base = this.#live.isBase(block) ? undefined : await this.#baseFor(hash, raw, hint.base);
    const { encoding, stored } = encodeBlock(copy.bytes, {
      elementBytes: hint.elementBytes,
      base: base?.copy.bytes,
    });
    const isDelta = encoding === deltaEncoding && base !== undefined;
    await this.#add(block, { hash, encoding, raw, base: isDelta ? base.hash : undefined, bytes: stored });
    // One that was the difference to another that nobody else needs takes the place of both.
    const before = this.#parts.packs.table.baseOf(block);
    if (before && this.#batch) this.#batch.before += this.#storedBytes(this.#plainCopy(before));
    return true;
  }

  /** Makes the batch last. @returns the new packs; none when a block that others are stored as the difference to went away */
  async commit(): Promise<readonly Pack[]> {
    const batch = this.#batch;
    if (!batch) return [];
    this.#batch = undefined;
    const { packs } = this.#parts;
    try {
      await batch.flushed;
      const finished = await batch.writer.finish();
      if (!(await this.#parts.packs.touch(batch.bases))) return [];
      const added = await packs.add(finished);
      if (!(await this.#parts.packs.touch(batch.bases))) return [];
      this.#live.adopt(added);
      return added;
    } finally {
      await batch.writer.discard();
    }
  }

  async discard(): Promise<void> {
    const batch = this.#batch;
    this.#batch = undefined;
    await batch?.writer.discard();
  }

  async close(): Promise<void> {
    await this.discard();
    await this.#reader.close();
  }

  #read(block: number): Promise<BlockCopy | undefined> {
    const base = this.#parts.packs.table.baseOf(block);
    return this.#reader.read(block, base ? this.#plainCopy(base) : -1);
  }

  #storedBytes(block: number): number {
    return block < 0 ? 0 : this.#parts.packs.table.at(block).stored;
  }

  #plainCopy(hash: Uint8Array): number {
    const { packs } = this.#parts;
    let block = packs.find(hash);
    while (block >= 0 && packs.table.baseOf(block)) block = packs.find(hash, block);
    return block;
  }

  /** What to encode a block against: never another difference, so that two blocks are read at the most. */
  async #baseFor(
    hash: Uint8Array,
    length: number,
    wanted: Uint8Array | undefined,
  ): Promise<{ hash: Uint8Array; copy: BlockCopy } | undefined> {
    if (!wanted) return undefined;
    const { table } = this.#parts.packs;
    const inBatch = this.#batch?.blocks.get(keyOf(wanted));
    const kept = this.#live.keptCopy(wanted);
    const further = inBatch ? inBatch.base : kept >= 0 ? table.baseOf(kept) : undefined;
    const base = Uint8Array.from(further ?? wanted);
    const block = this.#live.keptCopy(base);
    if (block < 0 || table.at(block).raw !== length || Buffer.compare(base, hash) === 0) return undefined;
    const copy = await this.#read(block);
    return copy && { hash: base, copy };
  }

  async #add(block: number, added: NewBlock): Promise<void> {
    const batch = (this.#batch ??= newBatch(this.#parts.temporaries, this.#expected));
    if (added.base) {
      this.#live.markBase(added.base);
      const base = this.#live.keptCopy(added.base);
      // One that is in the batch too needs no other pack.
      if (base >= 0 && !this.has(added.base)) batch.bases.add(this.#parts.packs.packOf(base));
    }
    batch.writer.add(added);
    batch.blocks.set(keyOf(added.hash), { base: added.base });
    batch.raw += added.raw;
    batch.before += this.#storedBytes(block);
    batch.after += added.bytes.length;
    batch.queued += added.bytes.length;
    if (batch.queued < flushBytes) return;
    batch.queued = 0;
    await batch.flushed;
    batch.flushed = batch.writer.flush();
    // It is awaited later.
    batch.flushed.catch(() => {});
  }
}

interface Batch {
  readonly writer: PackWriter;
  /** By the hashes in it. */
  readonly blocks: Map<string, { readonly base: Uint8Array | undefined }>;
  /** Packs with blocks that blocks of the batch are stored as the difference to. */
  readonly bases: Set<Pack>;
  raw: number;
  before: number;
  after: number;
  queued: number;
  flushed: Promise<void>;
}

function newBatch(temporaries: string, size: number): Batch {
  return {
    writer: new PackWriter(temporaries, size),
    blocks: new Map(),
    bases: new Set(),
    raw: 0,
    before: 0,
    after: 0,
    queued: 0,
    flushed: Promise.resolve(),
  };
}

function keyOf(hash: Uint8Array): string {
  return Buffer.from(hash.buffer, hash.byteOffset, hash.length).toString('latin1');
}
