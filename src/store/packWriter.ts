import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { temporaryBeside } from '../files/durable.ts';
import { setModeIfAllowed } from '../files/ownerOnly.ts';
import { SequentialWriter } from '../files/sequentialWriter.ts';
import { BlockTable } from './blockTable.ts';
import {
  type BlockEntry,
  maxBlocksInPack,
  packMagic,
  recordHeaderBytes,
  writeRecordHeader,
} from './packFormat.ts';
import { IndexBuilder } from './packIndex.ts';

const packMode = 0o444;
/** A pack that has this many is closed and another begun: packs are what is rewritten when contents are forgotten. */
const fullPackBytes = 2 * 2 ** 30;

/** A block and the bytes that are stored of it. */
export interface NewBlock extends Omit<BlockEntry, 'stored'> {
  readonly bytes: Uint8Array;
}

/** A whole pack that is on the disk, under a temporary name. */
export interface FinishedPack {
  readonly file: string;
  readonly id: string;
}

/** Writes new blocks to packs with temporary names. Each block is written once. */
export class PackWriter {
  readonly #folder: string;
  readonly #size: number;
  readonly #own = new BlockTable();
  readonly #finished: FinishedPack[] = [];
  #queue: NewBlock[] = [];
  #pack: OpenPack | undefined;
  /** The last of the writes, which are done one after the other. */
  #writing: Promise<void> = Promise.resolve();

  /** @param size bytes that will be written, at the most */
  constructor(temporaries: string, size: number) {
    this.#folder = temporaries;
    this.#size = size;
  }

  has(hash: Uint8Array): boolean {
    return this.#own.find(hash) >= 0;
  }

  /** To be written with the next `flush`. */
  add(block: NewBlock): void {
    this.#own.add({ ...block, stored: block.bytes.length, offset: 0 }, 0);
    this.#queue.push(block);
  }

  /** Resolves when the bytes of the blocks that were added are not needed any more. */
  flush(): Promise<void> {
    const blocks = this.#queue;
    this.#queue = [];
    if (blocks.length > 0) {
      this.#writing = this.#writing.then(() => this.#write(blocks));
      // It is awaited later.
      this.#writing.catch(() => {});
    }
    return this.#writing;
  }

  /** Whole packs, on the disk. */
  async finish(): Promise<readonly FinishedPack[]> {
    await this.flush();
    await this.#closePack();
    return this.#finished;
  }

  /** Removes everything that has not been renamed. */
  async discard(): Promise<void> {
    await this.#writing.catch(() => {});
    await this.#pack?.abandon();
    for (const { file } of this.#finished) await rm(file, { force: true });
  }

  async #write(blocks: readonly NewBlock[]): Promise<void> {
    if (this.#pack && !this.#pack.hasRoomFor(blocks)) await this.#closePack();
    this.#pack ??= await OpenPack.create(this.#folder, this.#size);
    await this.#pack.write(blocks);
  }

  async #closePack(): Promise<void> {
    if (!this.#pack) return;
    this.#finished.push(await this.#pack.finish());
    this.#pack = undefined;
  }
}

class OpenPack {
  readonly #id: string;
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #writer: SequentialWriter;
  readonly #index = new IndexBuilder();

  private constructor(id: string, file: string, handle: FileHandle, writer: SequentialWriter) {
    this.#id = id;
    this.#file = file;
    this.#handle = handle;
    this.#writer = writer;
  }

  static async create(folder: string, size: number): Promise<OpenPack> {
    const id = randomBytes(16).toString('hex');
    const file = temporaryBeside(path.join(folder, `${id}.pack`));
    const handle = await open(file, 'wx');
    const pack = new OpenPack(id, file, handle, await SequentialWriter.open(handle, size));
    await pack.#writer.write(packMagic);
    return pack;
  }

  hasRoomFor(blocks: readonly NewBlock[]): boolean {
    return this.#index.end < fullPackBytes && this.#index.count + blocks.length <= maxBlocksInPack;
  }

  async write(blocks: readonly NewBlock[]): Promise<void> {
    const header = Buffer.allocUnsafe(recordHeaderBytes);
    for (const block of blocks) {
      const entry = { ...block, stored: block.bytes.length };
      writeRecordHeader(header, 0, entry);
      this.#index.add(entry);
      await this.#writer.write(header);
      await this.#writer.write(block.bytes);
    }
  }

  async finish(): Promise<FinishedPack> {
    await this.#writer.write(this.#index.build().format());
    await this.#writer.end();
    await setModeIfAllowed(this.#handle, packMode);
    await this.#handle.sync();
    await this.#writer.close();
    await this.#handle.close();
    return { id: this.#id, file: this.#file };
  }

  async abandon(): Promise<void> {
    await this.#writer.close().catch(() => {});
    await this.#handle.close().catch(() => {});
    await rm(this.#file, { force: true });
  }
}
