import { open } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';

/** Bytes that can be read anywhere, wherever they are kept. */
export interface RandomAccess {
  /** In bytes. */
  readonly size: number;
  /** Exactly `length` bytes; fewer is an error. @throws TrailError */
  read(offset: number, length: number): Promise<Uint8Array>;
}

export interface ClosableAccess extends RandomAccess {
  close(): Promise<void>;
}

export async function fileAccess(path: string): Promise<ClosableAccess> {
  const handle = await open(path, 'r');
  const { size } = await handle.stat().catch(async (error: unknown) => {
    await handle.close();
    throw error;
  });
  return {
    size,
    async read(offset, length) {
      checkRange(size, offset, length);
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length;) {
        const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
        if (bytesRead === 0) {
          throw new TrailError('io', l10n.t('The file {0} became shorter while it was being read.', path));
        }
        done += bytesRead;
      }
      return bytes;
    },
    close: () => handle.close(),
  };
}

/** The most that is kept of a stream: room for the largest header of a model file. */
const prefixCap = 128 * 2 ** 20;

/** The beginning of a stream of `size` bytes, such as a Git blob; takes from the stream no more than what is asked for. */
export function prefixAccess(stream: AsyncIterable<Uint8Array>, size: number): ClosableAccess {
  const source = stream[Symbol.asyncIterator]();
  let kept = new Uint8Array(0);
  let length = 0;
  let pulling: Promise<void> = Promise.resolve();

  async function pullUntil(end: number): Promise<void> {
    while (length < end) {
      const next = await source.next();
      if (next.done) throw new TrailError('damaged', l10n.t('The content ended before its declared size.'));
      const chunk = next.value;
      if (length + chunk.length > kept.length) {
        const grown = new Uint8Array(Math.max(2 * kept.length, length + chunk.length));
        grown.set(kept.subarray(0, length));
        kept = grown;
      }
      kept.set(chunk, length);
      length += chunk.length;
    }
  }

  return {
    size,
    async read(offset, count) {
      checkRange(size, offset, count);
      const end = offset + count;
      if (end > prefixCap) {
        throw new TrailError(
          'refused',
          l10n.t('Only the beginning of this version can be read without saving it.'),
        );
      }
      // One pull at a time: two reads at once must not both take from the stream.
      pulling = pulling.then(() => pullUntil(end));
      await pulling;
      return kept.slice(offset, end);
    },
    async close() {
      await source.return?.();
    },
  };
}

export function bytesAccess(bytes: Uint8Array): RandomAccess {
  return {
    size: bytes.length,
    async read(offset, length) {
      checkRange(bytes.length, offset, length);
      return bytes.slice(offset, offset + length);
    },
  };
}

function checkRange(size: number, offset: number, length: number): void {
  if (offset < 0 || length < 0 || offset + length > size) {
    throw new TrailError(
      'damaged',
      l10n.t('The content ends at byte {0}, before what it should hold.', size),
    );
  }
}
