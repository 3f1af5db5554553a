import * as l10n from '@vscode/l10n';
import { displayText } from './displayText.ts';
import type { FoundTensor, StoredTensor } from './pickle/contents.ts';
import type { TensorInfo } from './summary.ts';
import type { SummaryDraft } from './summaryDraft.ts';

/** Bytes that several tensors can be views of. */
export interface Storage {
  /** In the file, where the bytes lie there as they are, in the order of this format. */
  readonly start?: number;
  /** In bytes. */
  readonly length: number;
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
 * @param inline tells where in the file a byte of the pickle is
 */
export function placeTensors(
  found: readonly FoundTensor[],
  storages: ReadonlyMap<string, Storage>,
  inline: (offset: number) => number | undefined,
  draft: SummaryDraft,
  group = '',
): readonly PlacedTensor[] {
  const told = new Set<string>();
  return found.map((tensor) => {
    const { name, dtype, shape, byteLength, stored } = tensor;
    if (stored) {
      const storage = storages.get(stored.key);
      if (!told.has(stored.key)) checkStorage(stored, storage, draft);
      told.add(stored.key);
      const start = stored.start + (storage?.start ?? Number.NaN);
      const byteOffset = fits(tensor, stored, storage, draft) && !Number.isNaN(start) ? start : undefined;
      const order = Number.isNaN(start) ? Infinity : start;
      return {
        info: { name, dtype, shape, byteOffset, byteLength },
        storage: `${group}/${stored.key}`,
        start: order,
      };
    }
    const at = tensor.inline === undefined || byteLength === undefined ? undefined : inline(tensor.inline);
    const storage = at === undefined ? undefined : `#${at}`;
    return { info: { name, dtype, shape, byteOffset: at, byteLength }, storage, start: at ?? Infinity };
  });
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
      storage.start,
    );
  }
}

function fits(
  { name }: FoundTensor,
  { start, end, contiguous, storageLength }: StoredTensor,
  storage: Storage | undefined,
  draft: SummaryDraft,
): boolean {
  if (!(start <= end && end <= storageLength)) {
    draft.damaged(l10n.t('The tensor "{0}" reaches beyond its storage.', displayText(name)), storage?.start);
    return false;
  }
  return contiguous && storage !== undefined && end <= storage.length;
}
