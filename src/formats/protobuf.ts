import { Malformed, type ByteCursor } from './byteCursor.ts';

/** A field of a protocol buffer message. */
export interface Field {
  readonly number: number;
  /** 0 varint, 1 eight bytes, 2 a length and bytes, 5 four bytes. */
  readonly wireType: 0 | 1 | 2 | 5;
  /** Of a varint; 64 bits, so that -1 is 2^64 - 1. */
  readonly value: bigint;
  /** Where its bytes are, without tag and length. */
  readonly start: number;
  readonly end: number;
}

/**
 * Reads the tag at the cursor, which then stands at the field's bytes: the caller goes into them or moves to their end.
 * @throws Malformed
 */
export async function readField(cursor: ByteCursor, messageEnd: number): Promise<Field> {
  const tag = Number(await cursor.varint());
  const number = Math.floor(tag / 8);
  const wireType = tag % 8;
  if (number === 0 || number >= 2 ** 29) throw new Malformed();
  let start = cursor.offset;
  let value = 0n;
  let length: number;
  if (wireType === 0) {
    value = await cursor.varint();
    length = cursor.offset - start;
    cursor.moveTo(start);
  } else if (wireType === 1) length = 8;
  else if (wireType === 5) length = 4;
  else if (wireType === 2) {
    length = Number(await cursor.varint());
    start = cursor.offset;
  } else throw new Malformed();
  const end = start + length;
  if (end > messageEnd) throw new Malformed();
  return { number, wireType, value, start, end };
}

/** Visits the fields from the cursor to the end of the message; each may move the cursor within its bytes, or not. @throws Malformed */
export async function eachField(
  cursor: ByteCursor,
  end: number,
  visit: (field: Field) => Promise<void> | void,
): Promise<void> {
  while (cursor.offset < end) {
    const field = await readField(cursor, end);
    await visit(field);
    cursor.moveTo(field.end);
  }
}

/** Visits the numbers of a repeated field, packed or not. @throws Malformed */
export async function eachVarint(
  cursor: ByteCursor,
  { wireType, value, end }: Field,
  visit: (value: bigint) => void,
): Promise<void> {
  if (wireType === 0) visit(value);
  else if (wireType === 2) while (cursor.offset < end) visit(await cursor.varint());
}

/** An `int64` or `int32`. */
export function signed(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}
