import { Malformed } from '../byteCursor.ts';
import type { PackedInput } from './packedInput.ts';

/** More than a block takes that is packed. */
const largestBlock = 1_300_000;
const runSymbols = 2;
const maxTables = 6;
const groupSize = 50;
const maxBits = 20;
const blockMark = 0x314159265359;
const endMark = 0x177245385090;
const pieceBytes = 2 ** 16;

/** What a file of bzip2 unpacks to: streams of blocks that are sorted, and then written by how often each byte occurs. */
export async function* unpackBzip2(input: PackedInput): AsyncGenerator<Uint8Array> {
  // Used again: there can be a stream every 14 bytes.
  let memory = new Uint32Array(0);
  for (let count = 0; count === 0 || !(await input.atEnd()); count++) {
    await input.need(4);
    const [b, z, h, level] = [input.u8(), input.u8(), input.u8(), input.u8() - 0x30];
    if (b !== 0x42 || z !== 0x5a || h !== 0x68 || level < 1 || level > 9) throw new Malformed();
    const bits = new BitReader(input);
    const size = level * 100_000;
    if (memory.length < size) memory = new Uint32Array(size);
    const sorted = memory.subarray(0, size);
    for (;;) {
      await input.want(largestBlock);
      const mark = bits.read(24) * 2 ** 24 + bits.read(24);
      const check = bits.read(16) * 2 ** 16 + bits.read(16);
      if (mark === endMark) break;
      if (mark !== blockMark) throw new Malformed();
      yield* unsorted(sorted, readBlock(bits, sorted), check);
    }
    bits.toByte();
  }
}

/** Bits, the highest of each byte first. */
class BitReader {
  readonly #input: PackedInput;
  #buffer = 0;
  #count = 0;

  constructor(input: PackedInput) {
    this.#input = input;
  }

  /** At most 24. @throws Malformed at the end of the input */
  read(count: number): number {
    while (this.#count < count) {
      if (this.#input.available <= 0) throw new Malformed();
      this.#buffer = ((this.#buffer << 8) | this.#input.u8()) >>> 0;
      this.#count += 8;
    }
    this.#count -= count;
    return (this.#buffer >>> this.#count) & (2 ** count - 1);
  }

  /** A whole byte is never left over. */
  toByte(): void {
    this.#count = 0;
  }
}

interface Block {
  readonly length: number;
  /** Where the first byte is, among those that are sorted. */
  readonly origin: number;
}

/** Codes of one table, by their length: the first of each, how many, and the symbols in order. */
interface Table {
  readonly limits: Int32Array;
  readonly offsets: Int32Array;
  readonly symbols: Uint16Array;
}

/** Reads a block into the lower bytes of `sorted`. */
function readBlock(bits: BitReader, sorted: Uint32Array): Block {
  // Blocks that were made irregular on purpose have not been written for twenty years.
  if (bits.read(1) !== 0) throw new Malformed();
  const origin = bits.read(24);
  const bytes = readUsed(bits);
  const tableCount = bits.read(3);
  const selectorCount = bits.read(15);
  if (bytes.length === 0 || tableCount < 2 || tableCount > maxTables || selectorCount < 1)
    throw new Malformed();
  const order = Array.from({ length: tableCount }, (_, i) => i);
  const selectors = new Uint8Array(selectorCount);
  for (let i = 0; i < selectorCount; i++) {
    let index = 0;
    while (bits.read(1) === 1) if (++index >= tableCount) throw new Malformed();
    const [table = 0] = order.splice(index, 1);
    order.unshift(table);
    selectors[i] = table;
  }
  const symbolCount = bytes.length + runSymbols;
  const tables = Array.from({ length: tableCount }, () => readTable(bits, symbolCount));

  const end = symbolCount - 1;
  let length = 0;
  let run = 0;
  let runPlace = 1;
  for (let group = 0; ; group++) {
    const table = tables[selectors[group] ?? -1];
    if (!table) throw new Malformed();
    for (let i = 0; i < groupSize; i++) {
      const symbol = readSymbol(bits, table);
      if (symbol < runSymbols) {
        // How often the byte in front repeats, in digits of one and two.
        run += (symbol + 1) * runPlace;
        runPlace *= 2;
        if (run > sorted.length - length) throw new Malformed();
        continue;
      }
      if (run > 0) {
        sorted.fill(bytes[0] ?? 0, length, length + run);
        length += run;
        [run, runPlace] = [0, 1];
      }
      if (symbol === end) {
        if (origin >= length) throw new Malformed();
        return { length, origin };
      }
      const [byte = 0] = bytes.splice(symbol - 1, 1);
      bytes.unshift(byte);
      if (length === sorted.length) throw new Malformed();
      sorted[length++] = byte;
    }
  }
}

/** The bytes that occur at all. */
function readUsed(bits: BitReader): number[] {
  const rows = bits.read(16);
  const bytes: number[] = [];
  for (let row = 0; row < 16; row++) {
    if ((rows & (0x8000 >> row)) === 0) continue;
    const columns = bits.read(16);
    for (let i = 0; i < 16; i++) if (columns & (0x8000 >> i)) bytes.push(16 * row + i);
  }
  return bytes;
}

function readTable(bits: BitReader, symbolCount: number): Table {
  let length = bits.read(5);
  const lengths: number[] = [];
  for (let i = 0; i < symbolCount; i++) {
    while (bits.read(1) === 1) length += bits.read(1) === 0 ? 1 : -1;
    if (length < 1 || length > maxBits) throw new Malformed();
    lengths.push(length);
  }
  const limits = new Int32Array(maxBits + 2).fill(-1);
  const offsets = new Int32Array(maxBits + 2);
  const symbols = new Uint16Array(symbolCount);
  let [code, index] = [0, 0];
  for (let size = 1; size <= maxBits; size++) {
    offsets[size] = index - code;
    for (const [symbol, length] of lengths.entries()) {
      if (length !== size) continue;
      symbols[index++] = symbol;
      code++;
    }
    limits[size] = code - 1;
    code *= 2;
  }
  return { limits, offsets, symbols };
}

function readSymbol(bits: BitReader, { limits, offsets, symbols }: Table): number {
  let code = 0;
  for (let size = 1; size <= maxBits; size++) {
    code = (code << 1) | bits.read(1);
    if (code <= (limits[size] ?? -1)) {
      const symbol = symbols[code + (offsets[size] ?? 0)];
      if (symbol !== undefined) return symbol;
    }
  }
  throw new Malformed();
}

/** Puts the bytes back in order, and repeats those that are followed by how often. */
function* unsorted(sorted: Uint32Array, { length, origin }: Block, check: number): Generator<Uint8Array> {
  const starts = new Uint32Array(257);
  for (let i = 0; i < length; i++) starts[((sorted[i] ?? 0) & 0xff) + 1]! += 1;
  for (let byte = 0; byte < 256; byte++) starts[byte + 1]! += starts[byte] ?? 0;
  // Above each byte, the place of the one that follows it.
  for (let i = 0; i < length; i++) {
    const place = starts[(sorted[i] ?? 0) & 0xff]!++;
    sorted[place] = (sorted[place] ?? 0) | (i << 8);
  }
  let piece = new Uint8Array(pieceBytes);
  let [filled, crc, repeats, previous] = [0, -1, 0, -1];
  let place = (sorted[origin] ?? 0) >>> 8;
  for (let i = 0; i < length; i++) {
    const entry = sorted[place] ?? 0;
    const byte = entry & 0xff;
    place = entry >>> 8;
    // After four times the same comes how many more there are.
    const isCount = repeats === 4;
    const times = isCount ? byte : 1;
    const value = isCount ? previous : byte;
    for (let j = 0; j < times; j++) {
      piece[filled++] = value;
      crc = (crc << 8) ^ (crcTable[(crc >>> 24) ^ value] ?? 0);
      if (filled < pieceBytes) continue;
      yield piece;
      piece = new Uint8Array(pieceBytes);
      filled = 0;
    }
    repeats = isCount ? 0 : byte === previous ? repeats + 1 : 1;
    previous = isCount ? -1 : byte;
  }
  yield piece.subarray(0, filled);
  if (~crc >>> 0 !== check) throw new Malformed();
}

const crcTable = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let i = 0; i < 8; i++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc;
});
