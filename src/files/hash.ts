import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import type { ContentId } from '../core/facts.ts';
import { type Operation, throwIfCancelled } from '../core/operation.ts';
import { openSynced, openToRead } from './openSynced.ts';
import { readAhead, ringOf } from './readAhead.ts';
import { SequentialWriter } from './sequentialWriter.ts';
import { type FileStamp, sameStamp, stampOf } from './stamp.ts';
import { createStreamHash } from './streamHash.ts';
import { systemError } from './systemError.ts';

/** Bytes that are read and hashed at a time. */
const chunkBytes = 1 << 20;

export interface HashedFile {
  readonly id: ContentId;
  /** In bytes. */
  readonly size: number;
  /** To know it by later. */
  readonly stamp: FileStamp;
}

/**
 * The SHA-256 of a file; the next chunk is read while one is hashed.
 * @throws TrailError `refused` when the file changes meanwhile; `cancelled`; those of `stampOf`
 */
export function hashFile(path: string, operation: Operation, label: string): Promise<HashedFile> {
  return readWhole(path, operation, async (chunks, stamp) => {
    const hash = createHash('sha256');
    let done = 0;
    for await (const chunk of chunks) {
      throwIfCancelled(operation);
      hash.update(chunk);
      done += chunk.length;
      if (done > stamp.size) break;
      operation.report({ label, done, total: stamp.size });
    }
    return { id: hash.digest('hex'), size: done };
  });
}

/**
 * Writes chunks in order while their SHA-256 is taken: one is written and hashed while the next is made. A chunk must keep its bytes
 * until the second chunk after it is asked for.
 * Stops after `total` bytes have been passed, so that a source without an end does not fill the disk.
 */
export async function writeAndHash(
  handle: FileHandle,
  content: AsyncIterable<Uint8Array>,
  operation: Operation,
  { label, total }: { label: string; total: number },
): Promise<{ id: ContentId; size: number }> {
  const hash = createStreamHash(total);
  const writer = await SequentialWriter.open(handle, total);
  let hashing = Promise.resolve();
  let done = 0;
  try {
    for await (const chunk of content) {
      throwIfCancelled(operation);
      await hashing;
      hashing = hash.update(chunk);
      hashing.catch(() => {});
      await writer.write(chunk);
      done += chunk.length;
      if (done > total) break;
      operation.report({ label, done, total });
    }
    await writer.end();
    return { id: await hash.digest(), size: done };
  } finally {
    hash.dispose();
    await writer.close();
  }
}

/**
 * Hands a file's chunks to `consume`, then makes sure that the file was one and the same all the while. A chunk keeps its bytes
 * until the second chunk after it is asked for.
 */
async function readWhole<T extends { size: number }>(
  path: string,
  operation: Operation,
  consume: (chunks: AsyncIterable<Uint8Array>, stamp: FileStamp) => Promise<T>,
): Promise<T & { stamp: FileStamp }> {
  const { handle, stamp, lastingStamp } = await openSynced(path, operation);
  try {
    const result = await consume(failing(path, readAhead(handle, ringOf(chunkFor(stamp.size)))), stamp);
    if (result.size !== stamp.size || !sameStamp(stamp, await stampOf(path))) throw changedWhileRead(path);
    return { ...result, stamp: lastingStamp };
  } finally {
    await handle.close();
  }
}

/** The bytes of a file. A chunk keeps its bytes until the second chunk after it is asked for. */
export async function* contentOf(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  // Opening a pipe would wait for ever.
  await stampOf(path);
  const handle = await openToRead(path);
  try {
    yield* contentOfHandle(handle, path);
  } finally {
    await handle.close();
  }
}

/** Like `contentOf`, for a file that is open. */
export async function* contentOfHandle(
  handle: FileHandle,
  path: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { size } = await handle.stat();
  yield* failing(path, readAhead(handle, ringOf(chunkFor(size))));
}

/** Says which file it was when reading fails. */
async function* failing(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* chunks;
  } catch (error) {
    throw systemError(error, path);
  }
}

function chunkFor(size: number): number {
  return Math.max(1, Math.min(chunkBytes, size));
}

export function changedWhileRead(path: string): TrailError {
  return new TrailError(
    'refused',
    l10n.t('{0} changed while it was being read; try again when it is complete.', path),
  );
}
