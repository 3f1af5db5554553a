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
