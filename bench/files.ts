import { createHash, randomFillSync } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

const blockBytes = 1 << 20;

/** Random bytes, which nothing can compress or has seen before. */
export function writeRandomFile(file: string, size: number): void {
  const block = Buffer.allocUnsafe(blockBytes);
  const handle = openSync(file, 'w');
  for (let at = 0; at < size; at += block.length) {
    randomFillSync(block);
    writeSync(handle, block, 0, Math.min(block.length, size - at), at);
  }
  ftruncateSync(handle, size);
  closeSync(handle);
  finished(file);
}

/** Overwrites a part of a file, in places spread over it. */
export function changeSome(file: string, fraction: number): void {
  const { size } = statSync(file);
  const places = 52;
  const piece = Buffer.allocUnsafe(Math.round((size * fraction) / places));
  const handle = openSync(file, 'r+');
  for (let place = 0; place < places; place++) {
    randomFillSync(piece);
    writeSync(handle, piece, 0, piece.length, Math.floor((size / places) * place));
  }
  closeSync(handle);
  finished(file);
}

/** A copy as a training script would leave it: under the same name, complete for some time. */
export function putCopy(from: string, to: string): void {
  copyFileSync(from, to);
  finished(to);
}

let age = 3600;

/** Makes a file look as if nobody writes to it any more, each time a little later, so that it also looks changed. */
function finished(file: string): void {
  const time = Date.now() / 1000 - age--;
  utimesSync(file, time, time);
}

/** The least that recording can cost: reading and hashing, one block after the other, on one core. */
export function readAndHash(file: string): string {
  const hash = createHash('sha256');
  const block = Buffer.allocUnsafe(blockBytes);
  const handle = openSync(file, 'r');
  for (;;) {
    const length = readSync(handle, block, 0, block.length, null);
    if (length === 0) break;
    hash.update(length === block.length ? block : block.subarray(0, length));
  }
  closeSync(handle);
  return hash.digest('hex');
}

export function copyAndSync(from: string, to: string): void {
  copyFileSync(from, to);
  const handle = openSync(to, 'r+');
  fsyncSync(handle);
  closeSync(handle);
}

/** Bytes in the files below a folder. */
export function bytesBelow(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += statSync(path.join(entry.parentPath, entry.name)).size;
  }
  return bytes;
}
