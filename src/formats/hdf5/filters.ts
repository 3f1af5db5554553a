import { inflateSync } from 'node:zlib';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import { Malformed } from '../byteCursor.ts';
import type { Hdf5File } from './file.ts';

/** What a chunk went through before it was written. */
export interface Filter {
  readonly id: number;
  readonly values: readonly number[];
}

const deflate = 1;
const shuffle = 2;
const checksum = 3;
const known: ReadonlySet<number> = new Set([deflate, shuffle, checksum]);
const maxFilters = 32;
const maxValues = 64;

/** Reads the message that the cursor stands at. */
export async function readFilters({ cursor }: Hdf5File): Promise<readonly Filter[]> {
  const version = await cursor.u8();
  const count = await cursor.u8();
  if (count > maxFilters || version < 1 || version > 2) throw new Malformed();
  if (version === 1) cursor.skip(6);
  const filters: Filter[] = [];
  for (let i = 0; i < count; i++) {
    const id = await cursor.u16();
    const nameLength = version === 1 || id >= 256 ? await cursor.u16() : 0;
    cursor.skip(2);
    const valueCount = await cursor.u16();
    if (valueCount > maxValues) throw new Malformed();
    cursor.skip(version === 1 ? 8 * Math.ceil(nameLength / 8) : nameLength);
    const values: number[] = [];
    for (let j = 0; j < valueCount; j++) values.push(await cursor.u32());
    if (version === 1 && valueCount % 2 === 1) cursor.skip(4);
    filters.push({ id, values });
  }
  return filters;
}

export function canUndo(filters: readonly Filter[]): boolean {
  return filters.every(({ id }) => known.has(id));
}

/**
 * The bytes of a chunk as they were before they went through the filters.
 * @param length of the result
 * @param skipped has a bit for each filter that this chunk did not go through
 * @throws TrailError `damaged`
 */
export function undoFilters(
  bytes: Uint8Array,
  filters: readonly Filter[],
  skipped: number,
  length: number,
): Uint8Array {
  let plain = bytes;
  for (const [i, { id, values }] of [...filters.entries()].reverse()) {
    if (skipped & (1 << i)) continue;
    if (id === deflate) plain = inflate(plain, length + 4 * filters.length);
    else if (id === shuffle) plain = unshuffle(plain, values[0] ?? 1);
    else plain = checked(plain);
  }
  if (plain.length !== length) throw damaged();
  return plain;
}

function inflate(bytes: Uint8Array, most: number): Uint8Array {
  try {
    return inflateSync(bytes, { maxOutputLength: most });
  } catch (error) {
    throw damaged(error);
  }
}

/** First the first bytes of all elements stand together, then the second ones... */
function unshuffle(bytes: Uint8Array, width: number): Uint8Array {
  if (width <= 1) return bytes;
  const count = Math.floor(bytes.length / width);
  const plain = new Uint8Array(bytes.length);
  for (let place = 0; place < width; place++) {
    const from = place * count;
    for (let i = 0; i < count; i++) plain[i * width + place] = bytes[from + i] ?? 0;
  }
  plain.set(bytes.subarray(count * width), count * width);
  return plain;
}

/** Fletcher's sums over numbers of 16 bits, at the end. */
function checked(bytes: Uint8Array): Uint8Array {
  const length = bytes.length - 4;
  if (length < 0) throw damaged();
  let [a, b] = [0, 0];
  for (let i = 0; i < length; i += 2) {
    a = (a + (((bytes[i] ?? 0) << 8) | (i + 1 < length ? (bytes[i + 1] ?? 0) : 0))) % 65_535;
    b = (b + a) % 65_535;
  }
  const told = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // 0 and 65,535 are the same to the sums.
  const same = (sum: number, found: number): boolean => (found - sum) % 65_535 === 0;
  if (!same(a, told.getUint16(length, true)) || !same(b, told.getUint16(length + 2, true))) throw damaged();
  return bytes.subarray(0, length);
}

function damaged(cause?: unknown): TrailError {
  return new TrailError('damaged', l10n.t('A part of the elements is damaged.'), { cause });
}
