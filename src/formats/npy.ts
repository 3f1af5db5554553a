import { Malformed, type ByteCursor } from './byteCursor.ts';
import { numpyType, recordType, type NumpyType } from './numpyTypes.ts';
import { entryOf, lengthsOf } from './pickle/objects.ts';
import { sequence, type Value } from './pickle/values.ts';
import { parsePythonLiteral } from './pythonLiteral.ts';

export interface NpyHeader {
  /** The type of the elements as NumPy writes it, such as `<f4`; empty for records. */
  readonly descr: string;
  readonly type: NumpyType;
  readonly shape: readonly number[];
  /** Whether the elements lie column by column. */
  readonly columnMajor: boolean;
  /** Where the elements begin. */
  readonly dataOffset: number;
}

const magic = '\x93NUMPY';
/** As NumPy's own limit. */
const maxHeader = 10_000;
/** The bytes in front of the text of the header, at most. */
const prefix = 12;
/** Enough of an array to read its header. */
export const npyHeadBytes = prefix + maxHeader;

/** Reads the header of an array that begins at the cursor. @throws Malformed */
export async function readNpyHeader(cursor: ByteCursor): Promise<NpyHeader> {
  const mark = Buffer.from(await cursor.bytes(magic.length, magic.length)).toString('latin1');
  if (mark !== magic) throw new Malformed();
  const version = await cursor.u8();
  cursor.skip(1);
  const length = version === 1 ? await cursor.u16() : await cursor.u32();
  const header = parsePythonLiteral(await cursor.text(length, maxHeader));
  const descr = entryOf(header, 'descr') ?? null;
  const type = typeOf(descr, 0);
  const shape = lengthsOf(entryOf(header, 'shape'));
  if (!type || !shape) throw new Malformed();
  return {
    descr: typeof descr === 'string' ? descr : '',
    type,
    shape,
    columnMajor: entryOf(header, 'fortran_order') === true,
    dataOffset: cursor.offset,
  };
}

/** Of a string, or of the list of fields that records have: each a name, a type, and perhaps a shape. */
function typeOf(descr: Value, depth: number): NumpyType | undefined {
  if (typeof descr === 'string') return numpyType(descr);
  const fields = sequence(descr);
  if (!fields || depth > 8) return undefined;
  let bytes = 0;
  let hasObjects = false;
  for (const field of fields) {
    const [, inner = null, dimensions] = sequence(field) ?? [];
    const type = typeOf(inner, depth + 1);
    const shape =
      typeof dimensions === 'number' ? [dimensions] : lengthsOf(dimensions ?? { kind: 'tuple', items: [] });
    if (!type || !shape) return undefined;
    hasObjects ||= type.bytes === 0;
    bytes += shape.reduce((product, length) => product * length, type.bytes);
  }
  return hasObjects ? numpyType('O') : recordType(bytes);
}
