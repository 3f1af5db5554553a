import { hash } from 'node:crypto';
import {
  type BlockEntry,
  hashBytes,
  isPossible,
  maxBlocksInPack,
  needsBase,
  packMagic,
  recordHeaderBytes,
  trailerBytes,
  trailerMagic,
} from './packFormat.ts';

const entryBytes = 48;

/** A block and where its record begins. */
export interface PlacedBlock extends BlockEntry {
  readonly offset: number;
}

/** The blocks of a pack, in the order of their records. */
export class PackIndex {
  readonly count: number;
  /** The end of the last record. */
  readonly end: number;
  readonly #entries: Buffer;
  readonly #bases: Buffer;

  constructor(entries: Buffer, bases: Buffer, count: number, end: number) {
    this.#entries = entries;
    this.#bases = bases;
    this.count = count;
    this.end = end;
  }

  /** Their hashes are views: whoever keeps one copies it. */
  *blocks(): Generator<PlacedBlock, void, undefined> {
    let offset = packMagic.length;
    for (let number = 0; number < this.count; number++) {
      const entry = readEntry(this.#entries, this.#bases, number);
      yield { ...entry, offset };
      offset += recordHeaderBytes + entry.stored;
    }
  }

  /** What a pack ends with: the index and the trailer. */
  format(): Buffer {
    const index = Buffer.concat([
      this.#entries.subarray(0, this.count * entryBytes),
      this.#bases,
      Buffer.alloc(trailerBytes),
    ]);
    const trailer = index.length - trailerBytes;
    index.writeBigUInt64LE(BigInt(this.end), trailer);
    index.writeUInt32LE(this.count, trailer + 8);
    index.writeUInt32LE(this.#bases.length / hashBytes, trailer + 12);
    index.set(hash('sha256', index.subarray(0, trailer), 'buffer'), trailer + 16);
    index.set(trailerMagic, trailer + 48);
    return index;
  }
}

/** Where the index of a pack of `size` bytes begins, by its trailer; undefined when the trailer is not one. */
export function indexStart(trailer: Buffer, size: number): number | undefined {
  if (trailer.length !== trailerBytes || !trailer.subarray(48).equals(trailerMagic)) return undefined;
  const start = Number(trailer.readBigUInt64LE(0));
  const count = trailer.readUInt32LE(8);
  const bases = trailer.readUInt32LE(12);
  if (count > maxBlocksInPack || bases > count) return undefined;
  return start + count * entryBytes + bases * hashBytes + trailerBytes === size ? start : undefined;
}

/** The index that begins at `start` and its trailer; undefined when a byte of it is not as it was written. */
export function parseIndex(bytes: Buffer, start: number): PackIndex | undefined {
  const trailer = bytes.length - trailerBytes;
  if (trailer < 0 || indexStart(bytes.subarray(trailer), start + bytes.length) !== start) return undefined;
  const wanted = bytes.subarray(trailer + 16, trailer + 48);
  if (!hash('sha256', bytes.subarray(0, trailer), 'buffer').equals(wanted)) return undefined;
  const count = bytes.readUInt32LE(trailer + 8);
  const entries = bytes.subarray(0, count * entryBytes);
  const bases = bytes.subarray(count * entryBytes, trailer);
  let end = packMagic.length;
  for (let number = 0; number < count; number++) {
    const at = number * entryBytes;
    const hasBase = needsBase(entries.readUInt32LE(at + 40));
    if (hasBase && entries.readUInt32LE(at + 44) >= bases.length / hashBytes) return undefined;
    const entry = readEntry(entries, bases, number);
    if (!isPossible(entry)) return undefined;
    end += recordHeaderBytes + entry.stored;
  }
  return end === start ? new PackIndex(entries, bases, count, end) : undefined;
}

function readEntry(entries: Buffer, bases: Buffer, number: number): BlockEntry {
  const at = number * entryBytes;
  const encoding = entries.readUInt32LE(at + 40);
  const base = entries.readUInt32LE(at + 44) * hashBytes;
  return {
    hash: entries.subarray(at, at + hashBytes),
    stored: entries.readUInt32LE(at + 32),
    raw: entries.readUInt32LE(at + 36),
    encoding,
    base: needsBase(encoding) ? bases.subarray(base, base + hashBytes) : undefined,
  };
}

/** An index that grows with its pack. */
export class IndexBuilder {
  #entries = Buffer.alloc(64 * entryBytes);
  readonly #bases: Uint8Array[] = [];
  readonly #baseNumbers = new Map<string, number>();
  #count = 0;
  #end = packMagic.length;

  get count(): number {
    return this.#count;
  }

  get end(): number {
    return this.#end;
  }

  add(entry: BlockEntry): void {
    const at = this.#count++ * entryBytes;
    if (at === this.#entries.length) this.#entries = Buffer.concat([this.#entries, Buffer.alloc(at)]);
    this.#entries.set(entry.hash, at);
    this.#entries.writeUInt32LE(entry.stored, at + 32);
    this.#entries.writeUInt32LE(entry.raw, at + 36);
    this.#entries.writeUInt32LE(entry.encoding, at + 40);
    this.#entries.writeUInt32LE(entry.base ? this.#baseNumber(entry.base) : 0, at + 44);
    this.#end += recordHeaderBytes + entry.stored;
  }

  build(): PackIndex {
    return new PackIndex(this.#entries, Buffer.concat(this.#bases), this.#count, this.#end);
  }

  #baseNumber(base: Uint8Array): number {
    const key = Buffer.from(base).toString('latin1');
    const known = this.#baseNumbers.get(key);
    if (known !== undefined) return known;
    const number = this.#bases.push(Buffer.from(base)) - 1;
    this.#baseNumbers.set(key, number);
    return number;
  }
}
