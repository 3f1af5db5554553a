import * as l10n from '@vscode/l10n';
import { displayText } from './displayText.ts';
import type { FoundTensor, StoredTensor } from './pickle/foundTensor.ts';
import type { TensorInfo } from './summary.ts';
import type { SummaryDraft } from './summaryDraft.ts';
import type { FilePlace, Negated, StoragePlace } from './tensorStorage.ts';

/** Bytes that several tensors can be views of. */
export interface Storage {
  /** Absent where they are not all there. */
  readonly place?: StoragePlace;
  /** In bytes. */
  readonly length: number;
  readonly bigEndian?: boolean;
}

export interface PlacedTensor {
  readonly info: TensorInfo;
  /** What it shares with the tensors that have the same. */
  readonly storage?: string;
  /** What to sort by. */
  readonly start: number;
}

/**
 * Finds the bytes of tensors, and tells of those whose bytes are not there.
 * @param group tells apart storages of the same key
 * @param inline tells where bytes of the pickle are
 */
export function placeTensors(
  found: readonly FoundTensor[],
  storages: ReadonlyMap<string, Storage>,
  inline: (offset: number, length: number) => StoragePlace | undefined,
  draft: SummaryDraft,
  group = '',
): readonly PlacedTensor[] {
  const told = new Set<string>();
  return found.map((tensor) => {
    const { stored, byteLength, strides, negated } = tensor;
    if (stored) {
      const storage = storages.get(stored.key);
      if (!told.has(stored.key)) checkStorage(stored, storage, draft);
      told.add(stored.key);
      const isThere = fits(tensor, stored, storage, draft) && storage?.place !== undefined;
      const place = isThere ? partOf(storage.place, stored.start, stored.end - stored.start) : undefined;
      return {
        info: placed(tensor, place, strides, storage?.bigEndian, negated),
        storage: `${group}/${stored.key}`,
        start: storage?.place?.kind === 'file' ? storage.place.offset + stored.start : Infinity,
      };
    }
    const isInline = tensor.inline !== undefined && byteLength !== undefined;
    const place = isInline ? inline(tensor.inline, byteLength) : tensor.place;
    const start = place?.kind === 'file' ? place.offset : undefined;
    const storage = start === undefined ? undefined : `#${start}`;
    return { info: placed(tensor, place, strides), storage, start: start ?? Infinity };
  });
}

/** A tensor at its place: a range of the file where it is one, or how else to read it. */
export function placed(
  tensor: Pick<TensorInfo, 'name' | 'dtype' | 'shape' | 'byteLength' | 'quantizer' | 'notTrained'>,
  place: StoragePlace | undefined,
  strides?: readonly number[],
  bigEndian = false,
  negated?: Negated,
): TensorInfo {
  const { name, dtype, shape, byteLength, quantizer, notTrained } = tensor;
  const info = {
    name,
    dtype,
    shape,
    byteLength,
    ...(quantizer && { quantizer }),
    ...(notTrained && { notTrained }),
  };
  if (!place) return info;
  const isRange = place.kind === 'file' && place.file === undefined && !strides && !bigEndian && !negated;
  return isRange
    ? { ...info, byteOffset: place.offset }
    : {
        ...info,
        storage: {
          place,
          ...(strides && { strides }),
          ...(bigEndian && { bigEndian }),
          ...(negated && { negated }),
        },
      };
}

export function inFile(offset: number, length: number): FilePlace {
  return { kind: 'file', offset, length };
}

/** A part of what is at a place where parts can be told. */
export function partOf(place: StoragePlace, offset: number, length: number): StoragePlace {
  if (place.kind !== 'file' && place.kind !== 'packed') return place;
  return { ...place, offset: place.offset + offset, length };
}

/** Weights can be where nothing looks for them: then they are not known, but not left out in silence. */
export function tellUnread(draft: SummaryDraft, keys: Iterable<string>, read: ReadonlySet<string>): void {
  const unread = [...keys].filter((key) => !read.has(key)).length;
  if (unread === 0) return;
  draft.notRead(
    unread === 1
      ? l10n.t('One storage of the file belongs to a part of the model that is not read.')
      : l10n.t('{0} storages of the file belong to parts of the model that are not read.', unread),
  );
}

/** In the order of their bytes; of those that share a storage, all but the first say so. */
export function orderTensors(placed: readonly PlacedTensor[]): TensorInfo[] {
  const first = new Map<string, string>();
  const ordered: TensorInfo[] = [];
  for (const { info, storage } of placed.toSorted((a, b) => (a.start === b.start ? 0 : a.start - b.start))) {
    const counts = storage !== undefined && info.byteLength !== 0;
    const sharesStorageWith = counts ? first.get(storage) : undefined;
    if (counts && sharesStorageWith === undefined) first.set(storage, info.name);
    ordered.push(sharesStorageWith === undefined ? info : { ...info, sharesStorageWith });
  }
  return ordered;
}

function checkStorage(
  { key, storageLength }: StoredTensor,
  storage: Storage | undefined,
  draft: SummaryDraft,
): void {
  if (!storage) draft.damaged(l10n.t('The storage "{0}" is not in the file.', displayText(key)));
  else if (storage.length !== storageLength) {
    const [is, should] = [storage.length, storageLength];
    draft.damaged(
      l10n.t('The storage "{0}" has {1} bytes, but should have {2}.', displayText(key), is, should),
      offsetOf(storage),
    );
  }
}

function fits(
  { name }: FoundTensor,
  { start, end, storageLength }: StoredTensor,
  storage: Storage | undefined,
  draft: SummaryDraft,
): boolean {
  if (!(start <= end && end <= storageLength)) {
    draft.damaged(
      l10n.t('The tensor "{0}" reaches beyond its storage.', displayText(name)),
      offsetOf(storage),
    );
    return false;
  }
  return storage !== undefined && end <= storage.length;
}

function offsetOf(storage: Storage | undefined): number | undefined {
  return storage?.place?.kind === 'file' ? storage.place.offset : undefined;
}
