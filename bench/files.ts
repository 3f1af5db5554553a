import { createHash, randomFillSync } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  readdirSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
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

/** A safetensors file with the bytes of another file as its tensors, 16 of them. */
export function putTensors(from: string, to: string): void {
  const { size } = statSync(from);
  const length = Math.floor(size / 16);
  const entries = Array.from({ length: 16 }, (_, index) => {
    const offsets = [index * length, (index + 1) * length];
    return [`layers.${index}.weight`, { dtype: 'U8', shape: [length], data_offsets: offsets }] as const;
  });
  const json = JSON.stringify(Object.fromEntries(entries));
  const header = Buffer.alloc(8 + Math.ceil(json.length / 8) * 8, ' ');
  header.writeBigUInt64LE(BigInt(header.length - 8));
  header.write(json, 8);
  writeFileSync(to, header);
  const handle = openSync(to, 'r+');
  const source = openSync(from, 'r');
  const block = Buffer.allocUnsafe(blockBytes);
  for (let at = 0; at < 16 * length; at += block.length) {
    const bytes = readSync(source, block, 0, Math.min(block.length, 16 * length - at), at);
    writeSync(handle, block, 0, bytes, header.length + at);
  }
  closeSync(source);
  closeSync(handle);
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

/**
 * The least that putting back a file can cost whose bytes are on the disk alone: reading and writing past the page cache, many blocks at
 * once, and nothing else. Linux can do that.
 */
export async function readAndWriteAlone(from: string, to: string): Promise<void> {
  const length = 4 << 20;
  const atOnce = 8;
  // WebAssembly's memory begins where a page does, which the disk wants.
  const { buffer } = new WebAssembly.Memory({ initial: (atOnce * length) / 65_536 });
  const source = await open(from, constants.O_RDONLY | constants.O_DIRECT);
  const target = await open(
    to,
    constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_DIRECT,
  );
  const { size } = await source.stat();
  const rounded = Math.ceil(size / 4096) * 4096;
  let next = 0;
  const copy = async (block: Uint8Array): Promise<void> => {
    while (next < rounded) {
      const at = next;
      next += length;
      await source.read(block, 0, Math.min(length, rounded - at), at);
      await target.write(block, 0, Math.min(length, rounded - at), at);
    }
  };
  await Promise.all(
    Array.from({ length: atOnce }, (_, slot) => copy(new Uint8Array(buffer, slot * length, length))),
  );
  await target.truncate(size);
  await target.sync();
  await source.close();
  await target.close();
}

/** Bytes in the files below a folder. */
export function bytesBelow(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += statSync(path.join(entry.parentPath, entry.name)).size;
  }
  return bytes;
}
