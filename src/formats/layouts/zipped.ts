import { Malformed, type ByteCursor } from '../byteCursor.ts';
import { readNpyHeader } from '../npy.ts';
import { readZipDirectory, zipDataOffset, type ZipEntry } from '../zip.ts';
import { elementBytesOf, type AddRange, type TensorRange } from './range.ts';

/** Without the folder that all members are in: it is often the name of the file. */
const storage = /^[^/]+\/((?:data|tensors|constants)\/(?:(?:weights|constants)\/)?[^/.]+)$/;

/** What torch.save, torch.jit.save and torch.export write. Only the pickle knows the types of the storages. */
export async function torchRanges(cursor: ByteCursor, add: AddRange): Promise<void> {
  await eachStored(cursor, async (entry, start) => {
    const name = storage.exec(entry.name)?.[1];
    if (name !== undefined) add({ name, start, length: entry.size });
  });
}

export async function npzRanges(cursor: ByteCursor, add: AddRange): Promise<void> {
  await eachStored(cursor, async (entry, start) => {
    if (!entry.name.endsWith('.npy')) return;
    cursor.moveTo(start);
    add(await npyRange(cursor, entry.name.slice(0, -'.npy'.length), start + entry.size));
  });
}

export async function npyRanges(cursor: ByteCursor, add: AddRange): Promise<void> {
  add(await npyRange(cursor, '', cursor.size));
}

async function npyRange(cursor: ByteCursor, name: string, end: number): Promise<TensorRange> {
  const { descr, dataOffset } = await readNpyHeader(cursor);
  const kind = /^[<>|=]?([a-zA-Z])(\d{1,2})$/.exec(descr);
  // A complex number is two of half its length; a character of NumPy's text has four bytes.
  const bytes = kind?.[1] === 'U' ? 4 : Number(kind?.[2] ?? 1) / (kind?.[1] === 'c' ? 2 : 1);
  return { name, start: dataOffset, length: end - dataOffset, elementBytes: elementBytesOf(bytes) };
}

/** The members whose bytes are in the file as they are, in their order in it. One that is broken hides no other. */
async function eachStored(
  cursor: ByteCursor,
  visit: (entry: ZipEntry, start: number) => Promise<void>,
): Promise<void> {
  const { entries } = await readZipDirectory(cursor);
  const stored = entries.filter(
    ({ method, size, compressedSize }) => method === 0 && size === compressedSize,
  );
  for (const entry of stored.sort((a, b) => a.headerOffset - b.headerOffset)) {
    try {
      await visit(entry, await zipDataOffset(cursor, entry));
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
    }
  }
}
