import { open } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';

/** Bytes that can be read anywhere, wherever they are kept. */
export interface RandomAccess {
  /** In bytes. */
  readonly size: number;
  /** Exactly `length` bytes; fewer is an error. @throws TrailError */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Fills `target`, for whoever reads much and uses the same memory again. */
  readInto?(target: Uint8Array, offset: number): Promise<void>;
  /** Where it is known without reading: equal for two ranges of as many bytes, they hold the same. */
  madeOf?(offset: number, length: number): string | undefined;
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
  const readInto = async (target: Uint8Array, offset: number): Promise<void> => {
    requireRange(size, offset, target.length);
    for (let done = 0; done < target.length;) {
      const { bytesRead } = await handle.read(target, done, target.length - done, offset + done);
      if (bytesRead === 0) {
        throw new TrailError('io', l10n.t('The file {0} became shorter while it was being read.', path));
      }
      done += bytesRead;
    }
  };
  return {
    size,
    readInto,
    async read(offset, length) {
      requireRange(size, offset, length);
      const bytes = new Uint8Array(length);
      await readInto(bytes, offset);
      return bytes;
    },
    close: () => handle.close(),
  };
}

export function bytesAccess(bytes: Uint8Array): RandomAccess {
  return {
    size: bytes.length,
    async read(offset, length) {
      requireRange(bytes.length, offset, length);
      return bytes.slice(offset, offset + length);
    },
  };
}

/** @throws TrailError `damaged` for bytes that are not there */
export function requireRange(size: number, offset: number, length: number): void {
  if (offset < 0 || length < 0 || offset + length > size) {
    throw new TrailError(
      'damaged',
      l10n.t('The content ends at byte {0}, before what it should hold.', size),
    );
  }
}
