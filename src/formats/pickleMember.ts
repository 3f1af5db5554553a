import { Malformed } from './byteCursor.ts';
import { PickleInput } from './pickle/input.ts';
import type { PickleRecord } from './pickle/record.ts';
import { Unpickler, type Loaded } from './pickle/unpickler.ts';
import type { StoragePlace } from './tensorStorage.ts';
import type { ZipEntry } from './zip.ts';
import type { ZipFile } from './zipFile.ts';

export interface LoadedMember extends Loaded {
  /** Where bytes of the pickle are. */
  readonly place: (offset: number, length: number) => StoragePlace | undefined;
}

/** Reads the pickle that a member of an archive is. */
export async function loadMember(zip: ZipFile, entry: ZipEntry, record: PickleRecord): Promise<LoadedMember> {
  try {
    const stream = await zip.stream(entry);
    try {
      const input = new PickleInput(stream);
      const loaded = await new Unpickler(input, record).load();
      return { ...loaded, place: (offset, length) => input.place(offset, length) };
    } finally {
      await stream.close();
    }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    record.draft.damaged(error.message, entry.headerOffset);
    return { value: undefined, complete: false, place: () => undefined };
  }
}
