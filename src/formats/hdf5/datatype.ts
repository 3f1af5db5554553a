import { Malformed } from '../byteCursor.ts';
import type { Hdf5File } from './file.ts';

export interface Datatype {
  /** As safetensors names it, or else as NumPy writes it. */
  readonly name: string;
  /** Of an element, in bytes. */
  readonly bytes: number;
  /** Text, and where it is; text that may be of any length lies in a heap. */
  readonly text?: 'fixed' | 'heap';
  /** Of what lies in a heap. */
  readonly items?: Datatype;
  readonly bigEndian?: boolean;
  /** Each element is an array. */
  readonly inner?: readonly number[];
}

const maxDepth = 8;
const maxMembers = 10_000;
const maxName = 64 * 1024;
const floats: Readonly<Record<string, string>> = {
  '8.11': 'F64',
  '4.8': 'F32',
  '2.5': 'F16',
  '2.8': 'BF16',
  '1.4': 'F8_E4M3',
  '1.5': 'F8_E5M2',
};

/** Reads the type that the cursor stands at, and moves behind it. */
export async function readDatatype(file: Hdf5File, depth = 0): Promise<Datatype> {
  const { cursor } = file;
  if (depth > maxDepth) throw new Malformed();
  const kind = await cursor.u8();
  const version = kind >> 4;
  const bits = await cursor.u8();
  const more = await cursor.u16();
  const bytes = await cursor.u32();
  if (bytes === 0) throw new Malformed();
  const bigEndian = (bits & 1) === 1 && bytes > 1 ? true : undefined;
  switch (kind & 15) {
    case 0:
      cursor.skip(4);
      return { name: integer(bits & 8 ? 'I' : 'U', bytes), bytes, bigEndian };
    case 1: {
      cursor.skip(5);
      const exponent = await cursor.u8();
      cursor.skip(6);
      return { name: floats[`${bytes}.${exponent}`] ?? `<f${bytes}`, bytes, bigEndian };
    }
    case 3:
      return { name: `|S${bytes}`, bytes, text: 'fixed' };
    case 4:
      cursor.skip(4);
      return { name: integer('U', bytes), bytes, bigEndian };
    case 5:
      // The tag is as long as it says, filled up.
      cursor.skip(bits);
      return { name: `|V${bytes}`, bytes };
    case 6:
      return compound(file, version, bits | ((more & 0xff) << 8), bytes, depth);
    case 8:
      return enumeration(file, version, bits | ((more & 0xff) << 8), depth);
    case 9: {
      const isText = (bits & 15) === 1;
      const items = await readDatatype(file, depth + 1);
      return { name: '|O', bytes, text: isText ? 'heap' : undefined, items };
    }
    case 10: {
      const rank = await cursor.u8();
      if (rank > 32) throw new Malformed();
      if (version < 3) cursor.skip(3);
      const inner: number[] = [];
      for (let i = 0; i < rank; i++) inner.push(await cursor.u32());
      if (version < 3) cursor.skip(4 * rank);
      const base = await readDatatype(file, depth + 1);
      return { ...base, inner: [...inner, ...(base.inner ?? [])] };
    }
    case 11: {
      const part = await readDatatype(file, depth + 1);
      return { ...part, name: complex(part.name, bytes), bytes };
    }
    default:
      return { name: `|V${bytes}`, bytes };
  }
}

function integer(letter: 'I' | 'U', bytes: number): string {
  return [1, 2, 4, 8].includes(bytes) ? `${letter}${8 * bytes}` : `|V${bytes}`;
}

function complex(part: string, bytes: number): string {
  return part === 'F32' ? 'C64' : part === 'F64' ? '<c16' : `|V${bytes}`;
}

/** Records: only their size is told, but for h5py's complex numbers. */
async function compound(
  file: Hdf5File,
  version: number,
  count: number,
  bytes: number,
  depth: number,
): Promise<Datatype> {
  const { cursor } = file;
  if (count > maxMembers) throw new Malformed();
  const members: { readonly name: string; readonly type: Datatype }[] = [];
  for (let i = 0; i < count; i++) {
    const name = await readName(file, version < 3);
    if (version < 3) cursor.skip(4);
    else cursor.skip(bytes < 2 ** 8 ? 1 : bytes < 2 ** 16 ? 2 : bytes < 2 ** 24 ? 3 : 4);
    if (version === 1) cursor.skip(28);
    members.push({ name, type: await readDatatype(file, depth + 1) });
  }
  const [real, imaginary] = members;
  const isComplex =
    members.length === 2 &&
    real?.name === 'r' &&
    imaginary?.name === 'i' &&
    real.type.name === imaginary.type.name &&
    bytes === 2 * real.type.bytes;
  if (!isComplex) return { name: `|V${bytes}`, bytes };
  return { name: complex(real.type.name, bytes), bytes, bigEndian: real.type.bigEndian };
}

/** Numbers that have names, which h5py also writes booleans as. */
async function enumeration(file: Hdf5File, version: number, count: number, depth: number): Promise<Datatype> {
  const { cursor } = file;
  if (count > maxMembers) throw new Malformed();
  const base = await readDatatype(file, depth + 1);
  const names: string[] = [];
  for (let i = 0; i < count; i++) names.push(await readName(file, version < 3));
  cursor.skip(count * base.bytes);
  return names.join() === 'FALSE,TRUE' && base.bytes === 1 ? { name: 'BOOL', bytes: 1 } : base;
}

/** Up to a zero byte. @param padded to a multiple of 8 */
async function readName({ cursor }: Hdf5File, padded: boolean): Promise<string> {
  const start = cursor.offset;
  const bytes: number[] = [];
  for (let byte = await cursor.u8(); byte !== 0; byte = await cursor.u8()) {
    if (bytes.length === maxName) throw new Malformed();
    bytes.push(byte);
  }
  if (padded) cursor.moveTo(start + 8 * Math.ceil((cursor.offset - start) / 8));
  return Buffer.from(bytes).toString();
}
