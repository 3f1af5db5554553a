import { Malformed } from '../byteCursor.ts';
import { LzmaDecoder } from './lzma.ts';
import type { PackedInput } from './packedInput.ts';

const headBytes = 13;
const readAhead = 64 * 1024;

/** What a file of LZMA unpacks to, as it was before xz. */
export async function* unpackLzma(input: PackedInput): AsyncGenerator<Uint8Array> {
  await input.need(headBytes + 5);
  const properties = input.u8();
  const decoder = new LzmaDecoder(input, input.u32());
  const [low, high] = [input.u32(), input.u32()];
  // All bits are set where the writer did not know.
  let left = low === 0xffffffff && high === 0xffffffff ? Infinity : low + high * 2 ** 32;
  decoder.setProperties(properties);
  decoder.startRange();
  while (left > 0) {
    await input.want(readAhead);
    const decoded = decoder.decode(left, input.available < readAhead);
    yield decoder.take();
    if (decoded === undefined) {
      if (left !== Infinity) throw new Malformed();
      return;
    }
    left -= decoded;
  }
}
