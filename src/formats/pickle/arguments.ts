import { Malformed } from '../byteCursor.ts';
import { keptHead, type PickleInput } from './input.ts';
import type { ArgumentKind } from './opcodes.ts';
import type { PyBytes, Value } from './values.ts';

/** Longer text is passed over, but for its beginning. In bytes. */
const maxText = 2 ** 20;
/** Python 2 has no other bytes than text: what is long is not meant to be read. */
const maxOldText = 2 ** 16;
/** In bytes. Python itself knows no limit, but no model needs longer numbers. */
const maxLong = 4096;

/** Of what has a fixed size, or of the length in front of what has none. */
const sizes: Readonly<Record<ArgumentKind, number>> = {
  none: 0,
  line: 0,
  lines: 0,
  u8: 1,
  text1: 1,
  latin1: 1,
  bytes1: 1,
  long1: 1,
  u16: 2,
  u32: 4,
  i32: 4,
  text4: 4,
  latin4: 4,
  bytes4: 4,
  long4: 4,
  u64: 8,
  f64: 8,
  text8: 8,
  bytes8: 8,
};

/** Reads the argument of an instruction: at once when its bytes are there. @throws Malformed */
export function readArgument(input: PickleInput, kind: ArgumentKind): Value | Promise<Value> {
  const size = sizes[kind];
  if (!input.has(size)) return input.need(size).then(() => readArgument(input, kind));
  switch (kind) {
    case 'none':
      return null;
    case 'u8':
      return input.u8();
    case 'u16':
      return input.u16();
    case 'u32':
      return input.u32();
    case 'i32':
      return input.i32();
    case 'u64':
      return input.u64();
    case 'f64':
      return input.f64();
    case 'text1':
      return readText(input, input.u8(), 'utf8');
    case 'text4':
      return readText(input, input.u32(), 'utf8');
    case 'text8':
      return readText(input, input.u64(), 'utf8');
    case 'latin1':
      return readText(input, input.u8(), 'latin1');
    case 'latin4':
      return readText(input, length32(input), 'latin1');
    case 'bytes1':
      return readBytes(input, input.u8());
    case 'bytes4':
      return readBytes(input, input.u32());
    case 'bytes8':
      return readBytes(input, input.u64());
    case 'long1':
      return readLong(input, input.u8());
    case 'long4':
      return readLong(input, length32(input));
    case 'line':
      return readLine(input);
    case 'lines':
      return readGlobal(input);
  }
}

function length32(input: PickleInput): number {
  const length = input.i32();
  if (length < 0) throw new Malformed();
  return length;
}

function readText(input: PickleInput, length: number, encoding: 'utf8' | 'latin1'): Value | Promise<Value> {
  if (length > (encoding === 'utf8' ? maxText : maxOldText)) return readLongText(input, length, encoding);
  if (!input.has(length)) return input.need(length).then(() => input.bytes(length).toString(encoding));
  return input.bytes(length).toString(encoding);
}

async function readLongText(input: PickleInput, length: number, encoding: 'utf8' | 'latin1'): Promise<Value> {
  const offset = input.position;
  await input.need(keptHead);
  const head = input.bytes(keptHead).toString(encoding);
  await input.skip(length - keptHead);
  return { kind: 'text', offset, isLatin1: encoding === 'latin1', length, head };
}

function readBytes(input: PickleInput, length: number): PyBytes | Promise<PyBytes> {
  const offset = input.position;
  const kept = input.keep(length);
  if (kept < length || !input.has(length)) return readLongBytes(input, offset, length, kept);
  return { kind: 'bytes', offset, length, head: Uint8Array.from(input.bytes(length)) };
}

async function readLongBytes(
  input: PickleInput,
  offset: number,
  length: number,
  kept: number,
): Promise<PyBytes> {
  await input.need(kept);
  const head = Uint8Array.from(input.bytes(kept));
  await input.skip(length - kept);
  return { kind: 'bytes', offset, length, head };
}

function readLong(input: PickleInput, length: number): Value | Promise<Value> {
  if (length > maxLong) throw new Malformed();
  if (!input.has(length)) return input.need(length).then(() => wholeNumber(input.bytes(length)));
  return wholeNumber(input.bytes(length));
}

/** Little-endian, in two's complement. */
function wholeNumber(bytes: Buffer): number | bigint {
  if (bytes.length === 0) return 0;
  if (bytes.length <= 6) return bytes.readIntLE(0, bytes.length);
  const value = BigInt.asIntN(8 * bytes.length, BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`));
  return smallest(value);
}

/** As a number where that loses nothing. */
export function smallest(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function readLine(input: PickleInput): Value | Promise<Value> {
  return input.hasLines(1) ? input.line() : input.needLines(1).then(() => input.line());
}

function readGlobal(input: PickleInput): Value | Promise<Value> {
  if (!input.hasLines(2)) return input.needLines(2).then(() => readGlobal(input));
  const [module = '', name = ''] = [input.line(), input.line()].map((line) =>
    Buffer.from(line, 'latin1').toString(),
  );
  return { kind: 'global', module, name };
}
