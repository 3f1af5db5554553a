import * as l10n from '@vscode/l10n';
import { ByteCursor, Malformed } from './byteCursor.ts';
import { rangeStream } from './byteStream.ts';
import { displayText } from './displayText.ts';
import { npyHeadBytes, readNpyHeader, type NpyHeader } from './npy.ts';
import { countParameters } from './parameters.ts';
import { arrayBytes, arrayOf, columnStrides } from './pickle/ndarray.ts';
import type { PyArray } from './pickle/values.ts';
import { readPickles } from './pickleFile.ts';
import { bytesAccess } from './randomAccess.ts';
import type { Reader } from './readers.ts';
import type { TensorInfo } from './summary.ts';
import { summarize, type SummaryDraft } from './summaryDraft.ts';
import { inFile, partOf, placed } from './tensorPlaces.ts';
import type { StoragePlace } from './tensorStorage.ts';
import type { ZipEntry } from './zip.ts';
import { memberSize, openZip, type ZipFile } from './zipFile.ts';

const extension = '.npy';

/** Reads an array that numpy.save wrote. */
export const readNumpy: Reader = (access, context) =>
  summarize(
    'numpy',
    access,
    context,
    async (draft, cursor) => {
      const header = await readNpyHeader(cursor);
      const { signal } = context;
      if (header.type.bytes === 0) {
        // The elements are Python objects, in a pickle.
        await readPickles(draft, rangeStream(access, header.dataOffset, access.size, signal));
        return;
      }
      const place = inFile(0, access.size);
      const array = checkedArray(header, new Uint8Array(0), 'array', place, access.size, draft);
      draft.tensors.push(tensorOf('array', array));
    },
    count,
  );

/** Reads what numpy.savez wrote: an archive with a member for each array, perhaps compressed. */
export const readNpz: Reader = (access, context) =>
  summarize(
    'npz',
    access,
    context,
    async (draft, cursor) => {
      const zip = await openZip(access, cursor, draft, context.signal);
      for (const entry of zip.entries.values()) {
        if (!entry.name.endsWith(extension)) continue;
        const name = entry.name.slice(0, -extension.length);
        const array = await readArrayMember(zip, entry, name, draft);
        if (array) draft.tensors.push(tensorOf(name, array));
      }
    },
    count,
  );

function count(draft: SummaryDraft): void {
  draft.parameters = countParameters(draft.tensors);
}

/**
 * The array that a member is,at its place in the file; what is wrong with it becomes a finding.
 * @param kept how many bytes of its elements to keep
 */
export async function readArrayMember(
  zip: ZipFile,
  entry: ZipEntry,
  name: string,
  draft: SummaryDraft,
  kept = 0,
): Promise<PyArray | undefined> {
  try {
    const head = await zip.head(entry, npyHeadBytes + kept);
    const header = await readNpyHeader(new ByteCursor(bytesAccess(head)));
    const place = await zip.place(entry, 0, memberSize(entry));
    if (header.type.bytes === 0) {
      const message = l10n.t('The array "{0}" holds a pickle, which is not read.', displayText(name));
      draft.notRead(message, entry.headerOffset);
    }
    return checkedArray(header, head, name, place, memberSize(entry), draft);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const message = error.message || l10n.t('The array "{0}" cannot be read.', displayText(name));
    draft.damaged(message, entry.headerOffset);
    return undefined;
  }
}

/** @param head the beginning of the array, with its header @param size of both, in bytes */
function checkedArray(
  header: NpyHeader,
  head: Uint8Array,
  name: string,
  place: StoragePlace,
  size: number,
  draft: SummaryDraft,
): PyArray {
  const { shape, type, columnMajor, dataOffset } = header;
  const array = arrayOf(shape, type, columnMajor);
  const byteLength = arrayBytes(array);
  const available = size - dataOffset;
  const start = place.kind === 'file' ? place.offset : undefined;
  if (type.bytes > 0 && byteLength !== available) {
    const needed = byteLength ?? Infinity;
    draft.damaged(
      l10n.t('The array "{0}" needs {1} bytes, but has {2}.', displayText(name), needed, available),
      start,
    );
  }
  const fits = byteLength !== undefined && byteLength <= available;
  return {
    ...array,
    offset: fits && start !== undefined ? start + dataOffset : undefined,
    place: fits ? partOf(place, dataOffset, byteLength) : undefined,
    head: fits ? head.slice(dataOffset, dataOffset + byteLength) : undefined,
  };
}

function tensorOf(name: string, array: PyArray): TensorInfo {
  const { dtype, shape, rowMajor, place } = array;
  const strides = rowMajor ? undefined : columnStrides(shape);
  return placed({ name, dtype, shape, byteLength: arrayBytes(array) }, place, strides);
}
