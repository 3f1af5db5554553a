import { Malformed, type ByteCursor } from '../byteCursor.ts';
import { join, maxDepth, maxNumbers, type ValueSink } from './valueSink.ts';

const maxKey = 64 * 1024;
const maxText = 2 ** 20;
const chunk = 2 ** 20;

interface NumberType {
  readonly bytes: 1 | 2 | 4 | 8;
  readonly read: (view: DataView, at: number) => number;
}

const numberTypes: Readonly<Record<string, NumberType>> = {
  i: { bytes: 1, read: (view, at) => view.getInt8(at) },
  U: { bytes: 1, read: (view, at) => view.getUint8(at) },
  I: { bytes: 2, read: (view, at) => view.getInt16(at) },
  l: { bytes: 4, read: (view, at) => view.getInt32(at) },
  L: { bytes: 8, read: (view, at) => Number(view.getBigInt64(at)) },
  d: { bytes: 4, read: (view, at) => view.getFloat32(at) },
  D: { bytes: 8, read: (view, at) => view.getFloat64(at) },
};
/** What takes no bytes but its mark. */
const words: Readonly<Record<string, string>> = { T: 'true', F: 'false', Z: 'null' };

/** Gives the sink the Universal Binary JSON at the cursor. @throws Malformed */
export async function walkUbjson(cursor: ByteCursor, sink: ValueSink): Promise<void> {
  cursor.littleEndian = false;
  await walk(cursor, sink, '', await mark(cursor), 0);
}

async function walk(
  cursor: ByteCursor,
  sink: ValueSink,
  path: string,
  type: string,
  depth: number,
): Promise<void> {
  if (depth > maxDepth) throw new Malformed();
  const wanted = sink.wants(path);
  const number = numberTypes[type];
  if (number) {
    const value = await readNumber(cursor, number);
    if (wanted) sink.text(path, String(value));
  } else if (words[type] !== undefined) {
    if (wanted) sink.text(path, words[type]);
  } else if (type === 'C') cursor.skip(1);
  else if (type === 'S' || type === 'H') {
    const length = await readLength(cursor, await mark(cursor));
    if (wanted) sink.text(path, await cursor.text(length, maxText));
    else cursor.skip(length);
  } else if (type === '{') {
    await walkObject(cursor, sink, path, depth);
    if (wanted) sink.end(path);
  } else if (type === '[') await walkList(cursor, sink, path, depth, wanted);
  else throw new Malformed();
}

/** The mark of the next value. */
async function mark(cursor: ByteCursor): Promise<string> {
  for (;;) {
    const type = String.fromCharCode(await cursor.u8());
    // Stands for nothing.
    if (type !== 'N') return type;
  }
}

async function readLength(cursor: ByteCursor, type: string): Promise<number> {
  const number = numberTypes[type];
  if (!number || type === 'd' || type === 'D') throw new Malformed();
  const length = await readNumber(cursor, number);
  if (length < 0 || !Number.isSafeInteger(length)) throw new Malformed();
  return length;
}

interface Container {
  /** Of all items, where it is said once. */
  readonly type?: string;
  /** Where there is no mark at the end. */
  readonly count?: number;
  /** The mark that comes next, where neither is said. */
  readonly next: string;
}

async function openContainer(cursor: ByteCursor): Promise<Container> {
  let next = await mark(cursor);
  let type: string | undefined;
  if (next === '$') {
    type = String.fromCharCode(await cursor.u8());
    next = await mark(cursor);
    if (next !== '#') throw new Malformed();
  }
  if (next !== '#') return { next };
  return { type, count: await readLength(cursor, await mark(cursor)), next };
}

async function walkObject(cursor: ByteCursor, sink: ValueSink, path: string, depth: number): Promise<void> {
  const { type, count = Infinity, next } = await openContainer(cursor);
  let lengthType = count === Infinity ? next : '';
  for (let i = 0; i < count; i++) {
    if (i > 0 || count !== Infinity) lengthType = await mark(cursor);
    if (count === Infinity && lengthType === '}') return;
    const key = await cursor.text(await readLength(cursor, lengthType), maxKey);
    await walk(cursor, sink, join(path, key), type ?? (await mark(cursor)), depth + 1);
  }
}

async function walkList(
  cursor: ByteCursor,
  sink: ValueSink,
  path: string,
  depth: number,
  wanted: boolean,
): Promise<void> {
  const { type, count, next } = await openContainer(cursor);
  const number = type === undefined ? undefined : numberTypes[type];
  if (number && count !== undefined) {
    if (wanted) sink.numbers(path, await readNumbers(cursor, number, count));
    else cursor.skip(number.bytes * count);
    return;
  }
  // As many as you like in no bytes at all.
  if (type !== undefined && words[type] !== undefined) return;
  const item = join(path, '*');
  const numbers: number[] = [];
  let isNumbers = true;
  for (let i = 0; i < (count ?? Infinity); i++) {
    const own = type ?? (i === 0 && count === undefined ? next : await mark(cursor));
    if (count === undefined && own === ']') break;
    const number = numberTypes[own];
    if (number) {
      const value = await readNumber(cursor, number);
      if (wanted && numbers.push(value) > maxNumbers) throw new Malformed();
    } else {
      isNumbers = false;
      await walk(cursor, sink, item, own, depth + 1);
    }
  }
  if (wanted && isNumbers) sink.numbers(path, numbers);
}

async function readNumber(cursor: ByteCursor, { bytes, read }: NumberType): Promise<number> {
  const { buffer } = await cursor.bytes(bytes, 8);
  return read(new DataView(buffer), 0);
}

async function readNumbers(
  cursor: ByteCursor,
  { bytes, read }: NumberType,
  count: number,
): Promise<number[]> {
  if (count > maxNumbers || bytes * count > cursor.size - cursor.offset) throw new Malformed();
  const numbers: number[] = [];
  while (numbers.length < count) {
    const length = Math.min(chunk, bytes * (count - numbers.length));
    const { buffer } = await cursor.bytes(length, chunk);
    const view = new DataView(buffer);
    for (let at = 0; at < length; at += bytes) numbers.push(read(view, at));
  }
  return numbers;
}
