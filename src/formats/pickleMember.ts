import { Malformed } from './byteCursor.ts';
import { PickleInput } from './pickle/input.ts';
import type { PickleRecord } from './pickle/record.ts';
import { Unpickler, type Loaded } from './pickle/unpickler.ts';
import type { ZipEntry } from './zip.ts';
import type { ZipFile } from './zipFile.ts';

export interface LoadedMember extends Loaded {
  /** Where in the file a byte of the pickle is, if it is there as it is. */
  readonly fileOffset: (offset: number) => number | undefined;
}

/** Reads the pickle that a member of an archive is. */
export async function loadMember(zip: ZipFile, entry: ZipEntry, record: PickleRecord): Promise<LoadedMember> {
  try {
    const stream = await zip.stream(entry);
    try {
      const input = new PickleInput(stream);
      const loaded = await new Unpickler(input, record).load();
      return { ...loaded, fileOffset: (offset) => input.fileOffset(offset) };
    } finally {
      await stream.close();
    }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    record.draft.damaged(error.message, entry.headerOffset);
    return { value: undefined, complete: false, fileOffset: () => undefined };
  }
}
