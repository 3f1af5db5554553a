import { Malformed, type ByteCursor } from '../byteCursor.ts';

/**
 * An HDF5 file while it is being read. Not by the C library (h5wasm): as WebAssembly that is a third of what the whole extension may
 * weigh, it reads synchronously and so only from a plain file, and it does not say where elements are, which tensors are read by.
 */
export interface Hdf5File {
  readonly cursor: ByteCursor;
  /** Of the signature, in the whole file; all addresses count from it. */
  readonly base: number;
  readonly offsetBytes: number;
  readonly lengthBytes: number;
  readonly version: number;
  /** Address of the object header of the root group. */
  readonly root: number;
  /** Where it says that it ends, in the whole file. */
  readonly end: number;
  /** How much text may still be kept: paths and attributes, of which a hostile file can name one piece again and again. */
  readonly text: { left: number };
}

/** The part of a file that is one of HDF5: mostly all of it, or a member of an archive. */
export interface Part {
  readonly start: number;
  readonly size: number;
}

const signature = '\x89HDF\r\n\x1a\n';
/** In characters. */
const maxText = 32 * 2 ** 20;
const widths: ReadonlySet<number> = new Set([2, 4, 8]);

/** @param cursor at any place @throws Malformed when there is no HDF5 file */
export async function openHdf5(cursor: ByteCursor, part: Part): Promise<Hdf5File> {
  const base = await findSignature(cursor, part);
  const version = await cursor.u8();
  if (version > 3) throw new Malformed();
  if (version >= 2) {
    const offsetBytes = await width(cursor);
    const lengthBytes = await width(cursor);
    cursor.skip(1);
    const file = {
      cursor,
      base,
      offsetBytes,
      lengthBytes,
      version,
      root: 0,
      end: 0,
      text: { left: maxText },
    };
    const told = await readAddress(file);
    cursor.skip(offsetBytes);
    const end = base - told + (await readAddress(file));
    return { ...file, end, root: await readAddress(file) };
  }
  cursor.skip(4);
  const offsetBytes = await width(cursor);
  const lengthBytes = await width(cursor);
  cursor.skip(version === 1 ? 13 : 9);
  const file = { cursor, base, offsetBytes, lengthBytes, version, root: 0, end: 0, text: { left: maxText } };
  // The base is where the signature is, whatever the file says; then the list of free space, the end, the driver, a name.
  const told = await readAddress(file);
  cursor.skip(offsetBytes);
  const end = base - told + (await readAddress(file));
  cursor.skip(2 * offsetBytes);
  return { ...file, end, root: await readAddress(file) };
}

/** Behind a block of the user's, whose length is 0 or a power of two from 512. */
async function findSignature(cursor: ByteCursor, { start, size }: Part): Promise<number> {
  for (let at = 0; at + signature.length <= size; at = Math.max(512, 2 * at)) {
    cursor.moveTo(start + at);
    const bytes = await cursor.bytes(signature.length, signature.length);
    if (Buffer.from(bytes).toString('latin1') === signature) return start + at;
  }
  throw new Malformed();
}

async function width(cursor: ByteCursor): Promise<number> {
  const bytes = await cursor.u8();
  if (!widths.has(bytes)) throw new Malformed();
  return bytes;
}

/** A number of up to 8 bytes; undefined where all bits are set, which stands for none. */
export async function readNumber({ cursor }: Hdf5File, bytes: number): Promise<number | undefined> {
  if (bytes < 0 || bytes > 8) throw new Malformed();
  let value = 0;
  let none = bytes > 0;
  for (const [place, byte] of (await cursor.bytes(bytes, 8)).entries()) {
    value += byte * 2 ** (8 * place);
    if (byte !== 0xff) none = false;
  }
  if (none) return undefined;
  if (!Number.isSafeInteger(value)) throw new Malformed();
  return value;
}

/** @throws Malformed where there is none */
export async function readAddress(file: Hdf5File): Promise<number> {
  const address = await readNumber(file, file.offsetBytes);
  if (address === undefined) throw new Malformed();
  return address;
}

export async function readLength(file: Hdf5File): Promise<number> {
  const length = await readNumber(file, file.lengthBytes);
  if (length === undefined) throw new Malformed();
  return length;
}

/** Moves behind the mark that a structure begins with, and the byte of its version. @throws Malformed when it is another structure */
export async function enter({ cursor, base }: Hdf5File, address: number, mark: string): Promise<void> {
  cursor.moveTo(base + address);
  if ((await cursor.text(4, 4)) !== mark) throw new Malformed();
  cursor.skip(1);
}

/** How many bytes hold the numbers up to `limit`. */
export function bytesFor(limit: number): number {
  return Math.floor(Math.log2(Math.max(1, limit)) / 8) + 1;
}

/** To be called for whatever text is kept. @throws Malformed when it is too much */
export function keepText({ text }: Hdf5File, length: number): void {
  text.left -= length;
  if (text.left < 0) throw new Malformed();
}
