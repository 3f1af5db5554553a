export interface NumpyType {
  /** As safetensors names it, or else as NumPy writes it. */
  readonly name: string;
  /** Of an element, in bytes; 0 where elements are Python objects. */
  readonly bytes: number;
}

const safetensorsNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    b1: 'BOOL',
    i1: 'I8',
    u1: 'U8',
    i2: 'I16',
    u2: 'U16',
    i4: 'I32',
    u4: 'U32',
    i8: 'I64',
    u8: 'U64',
    f2: 'F16',
    f4: 'F32',
    f8: 'F64',
    c8: 'C64',
  }),
);

/** Of dates, whose unit does not matter here, and of Python objects. */
const fixedBytes: Readonly<Record<string, number>> = { M: 8, m: 8, O: 0 };

/** A simple type by its string, such as `<f4`; undefined when it is none. Other than in NumPy, no mark of order means little-endian. */
export function numpyType(descr: string): NumpyType | undefined {
  const match = /^([<>|=]?)([biufcSUVOMm?])(\d{0,9})(\[\w+\])?$/.exec(descr);
  if (!match) return undefined;
  const [, order = '', letter = '', digits = '', unit = ''] = match;
  const kind = letter === '?' ? 'b' : letter;
  const count = Number(digits === '' ? 1 : digits);
  const bytes = fixedBytes[kind] ?? (kind === 'U' ? 4 * count : count);
  const known = order === '>' && count > 1 ? undefined : safetensorsNames.get(`${kind}${count}`);
  if (known !== undefined) return { name: known, bytes };
  const mark = kind === 'O' || kind === 'S' || kind === 'V' ? '|' : order === '>' ? '>' : '<';
  return { name: kind === 'O' ? '|O' : `${mark}${kind}${digits}${unit}`, bytes };
}

/** Of records: only their size is told. */
export function recordType(bytes: number): NumpyType {
  return { name: `|V${bytes}`, bytes };
}
