import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { systemCode } from '../core/errors.ts';
import { copyBytes } from './copyBytes.ts';

/** Bytes that are written at a time. */
const blockBytes = 1 << 20;
/** Below this the page cache is as good. */
const directFrom = 4 << 20;
/** Bytes in the page cache after which the disk is told to begin, so that not all is left for the sync at the end. */
const flushBytes = 128 << 20;

/**
 * Writes a file from its beginning: one block goes to the disk while the next is filled. Where the system can, large files go past
 * the page cache: that takes a third of the time, and does not push out of memory what others read.
 */
export class SequentialWriter {
  readonly #handle: FileHandle;
  readonly #blocks: readonly [Uint8Array, Uint8Array];
  #direct: FileHandle | undefined;
  #turn: 0 | 1 = 0;
  #filled = 0;
  #position = 0;
  #unflushed = 0;
  #writing = Promise.resolve();
  #flushing = Promise.resolve();

  private constructor(handle: FileHandle, blocks: readonly [Uint8Array, Uint8Array], direct?: FileHandle) {
    this.#handle = handle;
    this.#blocks = blocks;
    this.#direct = direct;
  }

  /** @param size of what will be written, as far as known */
  static async open(handle: FileHandle, size: number): Promise<SequentialWriter> {
    const aligned = size < directFrom ? undefined : alignedBlocks();
    const direct = aligned && (await openDirect(handle));
    const bytes = Math.min(Math.max(size, 1 << 16), blockBytes);
    return new SequentialWriter(
      handle,
      aligned ?? [Buffer.allocUnsafeSlow(bytes), Buffer.allocUnsafeSlow(bytes)],
      direct,
    );
  }

  /** Takes the chunk over: it may be used again when this resolves. */
  async write(chunk: Uint8Array): Promise<void> {
    for (let from = 0; from < chunk.length;) {
      const block = this.#blocks[this.#turn];
      const part = chunk.subarray(from, from + block.length - this.#filled);
      copyBytes(part, block, this.#filled);
      this.#filled += part.length;
      from += part.length;
      if (this.#filled === block.length) await this.#next();
    }
  }

  /** Writes what is left; it is on the disk only after a sync. */
  async end(): Promise<void> {
    await this.#next();
    await this.#writing;
    await this.#flushing;
  }

  /** Until then the handle is in use. */
  async close(): Promise<void> {
    await Promise.allSettled([this.#writing, this.#flushing]);
    await this.#direct?.close();
  }

  /** Begins to write the block that was filled, when the one before is written. */
  async #next(): Promise<void> {
    await this.#writing;
    const bytes = this.#blocks[this.#turn].subarray(0, this.#filled);
    const position = this.#position;
    this.#turn = this.#turn === 0 ? 1 : 0;
    this.#filled = 0;
    this.#position += bytes.length;
    this.#writing = held(this.#put(bytes, position));
  }

  async #put(bytes: Uint8Array, position: number): Promise<void> {
    // Only whole blocks can go past the cache.
    if (this.#direct && bytes.length === blockBytes) {
      try {
        await writeAll(this.#direct, bytes, position);
        return;
      } catch (error) {
        // Some file systems can open a file so, but not write to it.
        if (systemCode(error) !== 'EINVAL') throw error;
        await this.#direct.close();
        this.#direct = undefined;
      }
    }
    await writeAll(this.#handle, bytes, position);
    this.#unflushed += bytes.length;
    if (this.#unflushed < flushBytes) return;
    // A failure to write shows in one sync only, so none may go unseen.
    await this.#flushing;
    this.#flushing = held(this.#handle.datasync());
    this.#unflushed = 0;
  }
}

/** Blocks that begin where a page does, as direct writes must: WebAssembly's memory is the only one that is sure to. */
function alignedBlocks(): [Uint8Array, Uint8Array] | undefined {
  try {
    const pages = (2 * blockBytes) / 65_536;
    const { buffer } = new WebAssembly.Memory({ initial: pages, maximum: pages });
    return [new Uint8Array(buffer, 0, blockBytes), new Uint8Array(buffer, blockBytes, blockBytes)];
  } catch {
    return undefined;
  }
}

/** A second handle to an open file; undefined where there is no such thing. */
async function openDirect(handle: FileHandle): Promise<FileHandle | undefined> {
  if (process.platform !== 'linux') return undefined;
  return open(`/proc/self/fd/${handle.fd}`, constants.O_WRONLY | constants.O_DIRECT).catch(() => undefined);
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let from = 0; from < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, from, bytes.length - from, position + from);
    from += bytesWritten;
  }
}

/** A promise whose failure is seen later, where it is awaited. */
function held(work: Promise<void>): Promise<void> {
  work.catch(() => {});
  return work;
}
