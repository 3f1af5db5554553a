import type { FileHandle } from 'node:fs/promises';
import { systemCode } from '../core/errors.ts';
import { copyBytes } from './copyBytes.ts';
import { alignedBlocks, openDirect } from './direct.ts';

/** Bytes that are written at a time. */
const blockBytes = 2 << 20;
/**
 * One is filled while the others are on their way to the disk: whoever fills it may be busy for longer than one write takes. With more,
 * Node's four threads would all be writing while somebody waits for what is to be read.
 */
const ringLength = 3;
/** Below this the page cache is as good. */
const directFrom = 4 << 20;
/** Bytes in the page cache after which the disk is told to begin, so that not all is left for the sync at the end. */
const flushBytes = 128 << 20;

/** Writes a file from its beginning: blocks go to the disk while the next is filled. Large files go past the page cache. */
export class SequentialWriter {
  readonly #handle: FileHandle;
  readonly #ring: readonly Block[];
  /** The second handle, which is closed at the end, and whether it is of use. */
  readonly #direct: FileHandle | undefined;
  #canDirect = true;
  #turn = 0;
  #filled = 0;
  #position = 0;
  #unflushed = 0;
  #flushing = Promise.resolve();

  private constructor(handle: FileHandle, blocks: readonly Uint8Array[], direct?: FileHandle) {
    this.#handle = handle;
    this.#ring = blocks.map((bytes) => ({ bytes, writing: Promise.resolve() }));
    this.#direct = direct;
  }

  /** @param size of what will be written, as far as known */
  static async open(handle: FileHandle, size: number): Promise<SequentialWriter> {
    const aligned = size < directFrom ? undefined : alignedBlocks(ringLength, blockBytes);
    const direct = aligned && (await openDirect(handle, 'write'));
    return new SequentialWriter(handle, aligned ?? plainBlocks(size), direct);
  }

  /** Takes the chunk over: it may be used again when this resolves. */
  async write(chunk: Uint8Array): Promise<void> {
    for (let from = 0; from < chunk.length;) {
      const { bytes } = this.#block;
      const part = chunk.subarray(from, from + bytes.length - this.#filled);
      copyBytes(part, bytes, this.#filled);
      this.#filled += part.length;
      from += part.length;
      if (this.#filled === bytes.length) await this.#next();
    }
  }

  /** Writes what is left; it is on the disk only after a sync. */
  async end(): Promise<void> {
    await this.#next();
    await Promise.all(this.#ring.map(({ writing }) => writing));
    await this.#flushing;
  }

  /** Until then the handle is in use. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#ring.map(({ writing }) => writing), this.#flushing]);
    await this.#direct?.close();
  }

  get #block(): Block {
    const block = this.#ring[this.#turn];
    if (!block) throw new Error('A ring has blocks.');
    return block;
  }

  /** Begins to write the block that was filled; resolves when there is another to fill. */
  async #next(): Promise<void> {
    const block = this.#block;
    block.writing = held(this.#put(block.bytes.subarray(0, this.#filled), this.#position));
    this.#position += this.#filled;
    this.#filled = 0;
    this.#turn = (this.#turn + 1) % this.#ring.length;
    await this.#block.writing;
  }

  async #put(bytes: Uint8Array, position: number): Promise<void> {
    // Only whole blocks can go past the cache.
    if (this.#direct && this.#canDirect && bytes.length === blockBytes) {
      try {
        await writeAll(this.#direct, bytes, position);
        return;
      } catch (error) {
        // Some file systems can open a file so, but not write to it.
        if (systemCode(error) !== 'EINVAL') throw error;
        this.#canDirect = false;
      }
    }
    await writeAll(this.#handle, bytes, position);
    this.#unflushed += bytes.length;
    if (this.#unflushed < flushBytes) return;
    this.#unflushed = 0;
    // A failure to write shows in one sync only, so none may go unseen.
    this.#flushing = held(this.#flushing.then(() => this.#handle.datasync()));
  }
}

interface Block {
  readonly bytes: Uint8Array;
  writing: Promise<void>;
}

function plainBlocks(size: number): readonly Uint8Array[] {
  const bytes = Math.min(Math.max(size, 1 << 16), blockBytes);
  return [Buffer.allocUnsafeSlow(bytes), Buffer.allocUnsafeSlow(bytes)];
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
