import { Malformed } from '../byteCursor.ts';
import type { PackedInput } from './packedInput.ts';

const frameMark = 0x184d2204;
const skippedMark = 0x184d2a50;
/** How far back a block may refer. */
const history = 64 * 1024;
const plain = 0x80000000;

/** What a file of LZ4 frames unpacks to. The checksums are not computed. */
export async function* unpackLz4(input: PackedInput): AsyncGenerator<Uint8Array> {
  // Used again: there can be a frame every 11 bytes.
  const memory = { buffer: new Uint8Array(0) };
  for (let count = 0; count === 0 || !(await input.atEnd()); count++) {
    await input.need(8);
    const mark = input.u32();
    if ((mark & 0xfffffff0) >>> 0 === skippedMark) {
      for (let left = input.u32(); left > 0;) {
        await input.need(1);
        const some = Math.min(left, input.available);
        input.skip(some);
        left -= some;
      }
      continue;
    }
    if (mark !== frameMark) throw new Malformed();
    yield* unpackFrame(input, memory);
  }
}

async function* unpackFrame(input: PackedInput, memory: { buffer: Uint8Array }): AsyncGenerator<Uint8Array> {
  const flags = input.u8();
  const size = (input.u8() >> 4) & 7;
  if (flags >> 6 !== 1 || size < 4 || flags & 1) throw new Malformed();
  const largest = 2 ** (8 + 2 * size);
  const isLinked = (flags & 0x20) === 0;
  const rest = (flags & 8 ? 8 : 0) + 1;
  await input.need(rest);
  input.skip(rest);
  // What was unpacked last, in front of the block that is being unpacked.
  if (memory.buffer.length < history + largest) memory.buffer = new Uint8Array(history + largest);
  const { buffer } = memory;
  let kept = 0;
  for (;;) {
    await input.need(4);
    const head = input.u32();
    if (head === 0) break;
    const length = head & ~plain;
    const checkBytes = flags & 0x10 ? 4 : 0;
    if (length > largest) throw new Malformed();
    await input.need(length + checkBytes);
    const block = input.bytes(length);
    input.skip(checkBytes);
    let end: number;
    if (head >= plain) {
      buffer.set(block, kept);
      end = kept + length;
    } else end = unpackBlock(block, buffer, isLinked ? 0 : kept, kept, kept + largest);
    yield buffer.slice(kept, end);
    kept = Math.min(history, end);
    buffer.copyWithin(0, end - kept, end);
  }
  const checkBytes = flags & 4 ? 4 : 0;
  await input.need(checkBytes);
  input.skip(checkBytes);
}

/** @param first the place that matches may begin at @returns where what was unpacked ends */
function unpackBlock(
  block: Uint8Array,
  buffer: Uint8Array,
  first: number,
  start: number,
  limit: number,
): number {
  let at = 0;
  let end = start;
  const longer = (length: number): number => {
    if (length < 15) return length;
    let total = length;
    for (let byte = 255; byte === 255; total += byte) {
      if (at >= block.length) throw new Malformed();
      byte = block[at++] ?? 0;
    }
    return total;
  };
  while (at < block.length) {
    const token = block[at++] ?? 0;
    const literals = longer(token >> 4);
    if (at + literals > block.length || end + literals > limit) throw new Malformed();
    buffer.set(block.subarray(at, at + literals), end);
    at += literals;
    end += literals;
    // The last sequence has no match.
    if (at === block.length) return end;
    const distance = (block[at] ?? 0) | ((block[at + 1] ?? 0) << 8);
    at += 2;
    const length = longer(token & 15) + 4;
    if (at > block.length || distance === 0 || distance > end - first || end + length > limit)
      throw new Malformed();
    // Byte by byte: a match may run into itself.
    for (let i = 0; i < length; i++, end++) buffer[end] = buffer[end - distance] ?? 0;
  }
  throw new Malformed();
}
