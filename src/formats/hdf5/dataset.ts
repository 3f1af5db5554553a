import { Malformed } from '../byteCursor.ts';
import { readDataspace, type Dataspace } from './dataspace.ts';
import { readDatatype, type Datatype } from './datatype.ts';
import { readNumber, type Hdf5File } from './file.ts';
import { readFilters, type Filter } from './filters.ts';
import { readLayout, type Layout } from './layout.ts';
import { messageTypes, type Message } from './objectHeader.ts';

/** An array in the file, and where its elements are. */
export interface Dataset {
  readonly type: Datatype;
  readonly space: Dataspace;
  readonly layout: Layout;
  readonly filters: readonly Filter[];
  /** What an element is that was never written; absent for zero. */
  readonly fill?: Uint8Array;
  /** The elements are in other files, which are not looked for. */
  readonly isElsewhere: boolean;
}

const maxFill = 64;

/** @returns undefined for what is no array, such as a group @throws Malformed */
export async function readDataset(
  file: Hdf5File,
  messages: readonly Message[],
): Promise<Dataset | undefined> {
  const find = (type: number): Message | undefined => messages.find((message) => message.type === type);
  const [typeAt, spaceAt, layoutAt] = [
    find(messageTypes.datatype),
    find(messageTypes.dataspace),
    find(messageTypes.layout),
  ];
  if (!typeAt || !spaceAt || !layoutAt) return undefined;
  file.cursor.moveTo(typeAt.start);
  const type = await readDatatype(file);
  const space = await readDataspace(file, spaceAt);
  file.cursor.moveTo(layoutAt.start);
  const layout = await readLayout(file);
  const filtersAt = find(messageTypes.filters);
  if (filtersAt) file.cursor.moveTo(filtersAt.start);
  const filters = filtersAt ? await readFilters(file) : [];
  const isElsewhere = layout.kind === 'virtual' || find(messageTypes.externalFiles) !== undefined;
  return { type, space, layout, filters, fill: await readFill(file, find, type), isElsewhere };
}

async function readFill(
  file: Hdf5File,
  find: (type: number) => Message | undefined,
  type: Datatype,
): Promise<Uint8Array | undefined> {
  const { cursor } = file;
  const message = find(messageTypes.fill) ?? find(messageTypes.oldFill);
  if (!message) return undefined;
  cursor.moveTo(message.start);
  if (message.type === messageTypes.fill) {
    const version = await cursor.u8();
    if (version === 3) {
      if (((await cursor.u8()) & 0x20) === 0) return undefined;
    } else {
      cursor.skip(2);
      if ((await cursor.u8()) === 0) return undefined;
    }
  }
  const length = (await readNumber(file, 4)) ?? 0;
  if (length === 0) return undefined;
  if (length !== type.bytes) throw new Malformed();
  return length <= maxFill ? cursor.bytes(length, maxFill) : undefined;
}
