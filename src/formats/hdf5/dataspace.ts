import { Malformed } from '../byteCursor.ts';
import { readNumber, type Hdf5File } from './file.ts';
import type { Message } from './objectHeader.ts';

export interface Dataspace {
  /** Absent where there is nothing at all, not even one element. */
  readonly shape?: readonly number[];
  /** How far each dimension can grow; undefined without a limit. */
  readonly limits: readonly (number | undefined)[];
}

const maxRank = 32;
const nothing = 2;

export async function readDataspace(file: Hdf5File, { start }: Message): Promise<Dataspace> {
  const { cursor, lengthBytes } = file;
  cursor.moveTo(start);
  const version = await cursor.u8();
  const rank = await cursor.u8();
  const flags = await cursor.u8();
  if (version < 1 || version > 2 || rank > maxRank) throw new Malformed();
  const kind = await cursor.u8();
  if (version === 1) cursor.skip(4);
  else if (kind === nothing) return { limits: [] };
  const sizes = async (): Promise<(number | undefined)[]> => {
    const list: (number | undefined)[] = [];
    for (let i = 0; i < rank; i++) list.push(await readNumber(file, lengthBytes));
    return list;
  };
  const shape = (await sizes()).map((size) => {
    if (size === undefined) throw new Malformed();
    return size;
  });
  return { shape, limits: flags & 1 ? await sizes() : shape };
}
