import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import { ByteCursor, Malformed } from '../byteCursor.ts';
import { displayText } from '../displayText.ts';
import { elementCount } from '../numberText.ts';
import type { RandomAccess } from '../randomAccess.ts';
import type { TensorInfo } from '../summary.ts';
import type { SummaryDraft } from '../summaryDraft.ts';
import type { TensorStorage } from '../tensorStorage.ts';
import { canReadChunks, chunkedElements } from './chunkedElements.ts';
import { readChunks } from './chunkIndex.ts';
import type { Dataset } from './dataset.ts';
import { openHdf5, type Hdf5File, type Part } from './file.ts';
import type { ChunkedLayout } from './layout.ts';

/** What Keras notes beside an array whose type HDF5 has no name for. */
const noted: ReadonlyMap<string, string> = new Map([['bfloat16', 'BF16']]);

/** An array as a tensor. @param note the type that an attribute names */
export function tensorOf(
  draft: SummaryDraft,
  file: Hdf5File,
  part: Part,
  name: string,
  dataset: Dataset,
  note?: string,
): TensorInfo {
  const { type, space, layout, isElsewhere } = dataset;
  const shape = [...(space.shape ?? [0]), ...(type.inner ?? [])];
  const count = elementCount(shape);
  const byteLength = count === undefined ? undefined : count * type.bytes;
  const dtype = (type.bytes === 2 && noted.get(note ?? '')) || type.name;
  const info = { name, dtype, shape, byteLength };
  if (isElsewhere) {
    draft.notRead(
      l10n.t('The elements of "{0}" are in another file, which is not read.', displayText(name)),
      file.base,
    );
    return info;
  }
  if (byteLength === undefined) {
    draft.damaged(l10n.t('The shape of the tensor "{0}" is not valid.', displayText(name)), file.base);
    return info;
  }
  if (layout.kind === 'chunked') return { ...info, storage: chunkedStorage(dataset, layout, part) };
  if (layout.kind !== 'range' || layout.start === undefined || byteLength === 0) {
    return { ...info, storage: filledStorage(dataset, byteLength) };
  }
  const offset = layout.start;
  if (layout.length < byteLength || !(offset + byteLength <= part.start + part.size)) {
    draft.damaged(l10n.t('The bytes of the tensor "{0}" are not all there.', displayText(name)), offset);
    return info;
  }
  if (!type.bigEndian) return { ...info, byteOffset: offset };
  const place = { kind: 'file', offset, length: byteLength } as const;
  return { ...info, byteOffset: offset, storage: { place, bigEndian: true } };
}

const pieceBytes = 2 ** 20;

/** Nothing was ever written. */
function filledStorage({ type, fill }: Dataset, byteLength: number): TensorStorage {
  const place = {
    kind: 'reader',
    async *read(): AsyncGenerator<Uint8Array> {
      const unit = fill ?? new Uint8Array(type.bytes);
      const most = Math.max(1, Math.floor(pieceBytes / unit.length));
      for (let left = byteLength / unit.length; left > 0; left -= most) {
        const piece = new Uint8Array(Math.min(left, most) * unit.length);
        if (fill) for (let at = 0; at < piece.length; at += unit.length) piece.set(unit, at);
        yield piece;
      }
    },
  } as const;
  return { place, bigEndian: type.bigEndian };
}

function chunkedStorage(dataset: Dataset, layout: ChunkedLayout, part: Part): TensorStorage | undefined {
  if (!canReadChunks(dataset, layout)) return undefined;
  const place = {
    kind: 'reader',
    async *read(access: RandomAccess, signal: AbortSignal): AsyncGenerator<Uint8Array> {
      try {
        const file = await openHdf5(new ByteCursor(access, signal), part);
        const chunks = await readChunks(file, dataset, layout);
        yield* chunkedElements(access, dataset, layout, chunks, signal);
      } catch (error) {
        if (!(error instanceof Malformed)) throw error;
        throw new TrailError('damaged', l10n.t('A part of the elements is damaged.'), { cause: error });
      }
    },
  } as const;
  return { place, bigEndian: dataset.type.bigEndian };
}
