import { Malformed, type ByteCursor } from './byteCursor.ts';

export interface NpyHeader {
  /** The type of the elements as NumPy writes it, such as `<f4`; empty for records. */
  readonly descr: string;
  /** Where the elements begin. */
  readonly dataOffset: number;
}

const magic = '\x93NUMPY';
/** As NumPy's own limit. */
const maxHeader = 10_000;

/** Reads the header of an array that begins at the cursor. @throws Malformed */
export async function readNpyHeader(cursor: ByteCursor): Promise<NpyHeader> {
  const mark = Buffer.from(await cursor.bytes(magic.length, magic.length)).toString('latin1');
  if (mark !== magic) throw new Malformed();
  const version = await cursor.u8();
  cursor.skip(1);
  const length = version === 1 ? await cursor.u16() : await cursor.u32();
  const text = await cursor.text(length, maxHeader);
  // The text is a Python dictionary with three fixed keys; the type of records is a list, not a string.
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1] ?? '';
  return { descr, dataOffset: cursor.offset };
}
