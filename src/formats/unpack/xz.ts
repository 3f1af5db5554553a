import * as l10n from '@vscode/l10n';
import { Malformed } from '../byteCursor.ts';
import type { PackedInput } from './packedInput.ts';
import { LzmaDecoder } from './lzma.ts';

const magic = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0];
const headBytes = 12;
/** Of the checks at the end of a block, by their kind. They are not computed. */
const checkBytes = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];
const lzma2 = 0x21;
const chunkHead = 6;

/** What a file of xz unpacks to: streams of blocks of LZMA2. */
export async function* unpackXz(input: PackedInput): AsyncGenerator<Uint8Array> {
  // Used again: there can be a block every few bytes, each of which says how much memory it needs.
  let decoder: LzmaDecoder | undefined;
  for (let count = 0; count === 0 || !(await input.atEnd()); count++) {
    await input.need(headBytes);
    // Streams may stand apart by zeros.
    if (count > 0 && input.window[input.at] === 0) {
      input.skip(4);
      continue;
    }
    if (magic.some((byte) => input.u8() !== byte)) throw new Malformed();
    input.skip(1);
    const check = checkBytes[input.u8() & 15] ?? 0;
    input.skip(4);
    let packed = 0;
    for (;;) {
      await input.need(1);
      const size = 4 * (input.u8() + 1);
      if (size === 4) break;
      const dictionary = await openBlock(input, size);
      if (!decoder || decoder.dictionary < dictionary) decoder = new LzmaDecoder(input, dictionary);
      for await (const piece of unpackLzma2(input, decoder, (bytes) => (packed += bytes))) yield piece;
      // To a multiple of four, and what checks it.
      await input.need(((4 - (packed % 4)) % 4) + check);
      input.skip(((4 - (packed % 4)) % 4) + check);
      packed = 0;
    }
    await skipIndex(input);
  }
}

/** @returns the size of the dictionary */
async function openBlock(input: PackedInput, size: number): Promise<number> {
  await input.need(size - 1);
  const end = input.at + size - 1;
  const flags = input.u8();
  if (flags & 0x40) readNumber(input);
  if (flags & 0x80) readNumber(input);
  const [id, propertyBytes] = [readNumber(input), readNumber(input)];
  if ((flags & 3) !== 0 || id !== lzma2 || propertyBytes !== 1) {
    throw new Malformed(l10n.t('The content is compressed in a way that is not read.'));
  }
  const bits = input.u8();
  const dictionary = bits === 40 ? 2 ** 32 : (2 | (bits & 1)) * 2 ** (Math.floor(bits / 2) + 11);
  input.at = end;
  return dictionary;
}

async function* unpackLzma2(
  input: PackedInput,
  decoder: LzmaDecoder,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let ready = false;
  let hasState = false;
  for (;;) {
    await input.need(1);
    const control = input.u8();
    count(1);
    if (control === 0) return;
    if (control === 1 || control >= 0xe0) {
      decoder.resetDictionary();
      ready = true;
    }
    if (!ready || (control > 2 && control < 0x80)) throw new Malformed();
    await input.want(chunkHead);
    const length = ((control >= 0x80 ? control & 0x1f : 0) << 16) + input.u16be() + 1;
    if (control < 0x80) {
      await input.need(length);
      count(2 + length);
      decoder.put(input.bytes(length));
      yield decoder.take();
      continue;
    }
    const packed = input.u16be() + 1;
    const reset = (control >> 5) & 3;
    if (reset >= 2) decoder.setProperties(input.u8());
    else if (reset === 1) decoder.resetState();
    hasState ||= reset >= 2;
    if (!hasState) throw new Malformed();
    count(4 + (reset >= 2 ? 1 : 0) + packed);
    await input.need(Math.max(packed, 5));
    const end = input.at + packed;
    decoder.startRange();
    for (let left = length; left > 0;) {
      const decoded = decoder.decode(left, true);
      if (decoded === undefined || input.at > end) throw new Malformed();
      left -= decoded;
      yield decoder.take();
    }
    input.at = end;
  }
}

/** The list of the blocks, and the end of the stream. */
async function skipIndex(input: PackedInput): Promise<void> {
  let size = 1;
  const number = async (): Promise<number> => {
    await input.want(9);
    const at = input.at;
    const value = readNumber(input);
    size += input.at - at;
    return value;
  };
  for (let left = 2 * (await number()); left > 0; left--) await number();
  const rest = ((4 - (size % 4)) % 4) + 4 + headBytes;
  await input.need(rest);
  input.skip(rest);
}

/** Seven bits to a byte. @throws Malformed */
function readNumber(input: PackedInput): number {
  let value = 0;
  for (let place = 0; place < 9; place++) {
    if (input.available <= 0) throw new Malformed();
    const byte = input.u8();
    value += (byte & 0x7f) * 2 ** (7 * place);
    if (byte < 0x80) return value;
  }
  throw new Malformed();
}
