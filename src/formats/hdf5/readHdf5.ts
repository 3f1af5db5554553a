import { ByteCursor } from '../byteCursor.ts';
import { readLegacyKeras } from '../keras/legacy.ts';
import { countParameters } from '../parameters.ts';
import type { Reader } from '../readers.ts';
import { summarize } from '../summaryDraft.ts';
import { readContents } from './walk.ts';

/** Reads an HDF5 file: as a model of Keras where it is one, else as the arrays and attributes that it holds. */
export const readHdf5: Reader = (access, context) =>
  summarize('hdf5', access, context, async (draft) => {
    const cursor = new ByteCursor(access, context.signal);
    const contents = await readContents(draft, cursor, { start: 0, size: access.size });
    draft.formatVersion = `superblock ${contents.version}`;
    if (readLegacyKeras(draft, contents)) return;
    for (const [path, attributes] of contents.groups) {
      for (const [name, value] of attributes) {
        draft.count();
        draft.metadata.set(path === '' ? name : `${path}/${name}`, textOf(value));
      }
    }
    draft.addTensors(contents.tensors);
    draft.parameters = countParameters(contents.tensors.filter((t) => t.sharesStorageWith === undefined));
  });

function textOf(value: string | readonly string[]): string {
  return typeof value === 'string' ? value : value.join(', ');
}
