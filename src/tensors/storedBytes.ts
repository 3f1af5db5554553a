import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import { throwIfCancelled } from '../core/operation.ts';
import type { RandomAccess } from '../formats/randomAccess.ts';
import type { Negated } from '../formats/tensorStorage.ts';
import type { Elements } from './elements.ts';

/** What is read at once, in bytes: enough for a disk to be quick, little enough to stay in the processor's cache. */
export const pieceBytes = 2 ** 20;

/**
 * A part of a file, in pieces of a multiple of `unit` bytes but for the last. The next one is read while one is worked on, into the memory of
 * the one before it.
 */
export async function* rangeBytes(
  access: RandomAccess,
  start: number,
  end: number,
  unit: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const step = Math.max(1, Math.floor(pieceBytes / unit)) * unit;
  const memory: Uint8Array[] = [];
  let turn = 0;
  const readPiece = async (at: number, length: number): Promise<Uint8Array> => {
    if (!access.readInto) return access.read(at, length);
    const piece = (memory[turn++ % 2] ??= takeMemory(Math.min(step, end - start))).subarray(0, length);
    await access.readInto(piece, at);
    return piece;
  };
  const read = (at: number): Promise<Uint8Array> | undefined => {
    if (at >= end) return undefined;
    const reading = readPiece(at, Math.min(step, end - at));
    // A failure is reported where the piece is awaited, which may be later.
    reading.catch(() => {});
    return reading;
  };
  let ahead = read(start);
  try {
    for (let at = start + step; ahead; at += step) {
      throwIfCancelled({ signal });
      const piece: Uint8Array = await ahead;
      ahead = read(at);
      yield piece;
    }
  } finally {
    // Until then the file is in use.
    await ahead?.catch(() => {});
    giveBack(memory);
  }
}

/** Of pieces that were read; large memory is expensive to get, and to give back to the system. */
const spare: Uint8Array[] = [];
const mostSpare = 8;
/** Below this there is nothing to gain. */
const leastSpare = 2 ** 16;

/** Not filled with zeros. */
function takeMemory(bytes: number): Uint8Array {
  if (bytes < leastSpare || bytes > pieceBytes) return Buffer.allocUnsafeSlow(bytes);
  return spare.pop() ?? Buffer.allocUnsafeSlow(pieceBytes);
}

function giveBack(memory: readonly Uint8Array[]): void {
  for (const piece of memory) if (piece.length === pieceBytes && spare.length < mostSpare) spare.push(piece);
}

/** So many bytes of a stream, after those that are left out, in pieces of a multiple of `unit` bytes but for the last. */
export async function* regrouped(
  stream: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  skip: number,
  length: number,
  unit: number,
): AsyncGenerator<Uint8Array> {
  const step = Math.max(1, Math.floor(pieceBytes / unit)) * unit;
  let left = length;
  let toSkip = skip;
  let piece = new Uint8Array(Math.min(step, left));
  let filled = 0;
  if (left === 0) return;
  for await (const bytes of stream) {
    let at = Math.min(toSkip, bytes.length);
    toSkip -= at;
    while (at < bytes.length && left > 0) {
      const taken = Math.min(bytes.length - at, piece.length - filled);
      piece.set(bytes.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
      if (filled < piece.length) continue;
      left -= filled;
      yield piece;
      piece = new Uint8Array(Math.min(step, left));
      filled = 0;
    }
    if (left === 0) return;
  }
  throw new TrailError('damaged', l10n.t('The content ended before its declared size.'));
}

/** Stored bytes as those of the elements: little-endian, and with their signs. */
export function meantBytes(
  stored: Uint8Array,
  { type, bigEndian, negated }: Pick<Elements, 'type' | 'bigEndian' | 'negated'>,
): Uint8Array {
  if (!type) return stored;
  const ordered = bigEndian ? swapped(stored, type.word) : stored;
  return negated ? withOtherSigns(ordered, type.word, negated) : ordered;
}

/** Turns values of so many bytes around. */
function swapped(bytes: Uint8Array, word: 0 | 1 | 2 | 4 | 8): Uint8Array {
  if (word < 2) return bytes;
  const copy = Buffer.from(bytes);
  if (word === 2) return copy.swap16();
  return word === 4 ? copy.swap32() : copy.swap64();
}

/** Turns the signs of little-endian floats around; of complex numbers, the imaginary part follows the real one. */
function withOtherSigns(bytes: Uint8Array, word: number, which: Negated): Uint8Array {
  const copy = new Uint8Array(bytes);
  const step = which === 'all' ? word : 2 * word;
  const first = which === 'imaginary' ? 2 * word : word;
  for (let at = first - 1; at < copy.length; at += step) copy[at]! ^= 0x80;
  return copy;
}
