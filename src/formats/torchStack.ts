import * as l10n from '@vscode/l10n';
import { rangeStream } from './byteStream.ts';
import { readScales, storageKeys } from './channelScales.ts';
import { Contents } from './pickle/contents.ts';
import type { FoundTensor } from './pickle/foundTensor.ts';
import { noteImports } from './pickle/imports.ts';
import { PickleInput } from './pickle/input.ts';
import { entryOf } from './pickle/objects.ts';
import { PickleRecord } from './pickle/record.ts';
import { storageOf } from './pickle/torchStorage.ts';
import { Unpickler } from './pickle/unpickler.ts';
import { sequence, type Value } from './pickle/values.ts';
import type { RandomAccess } from './randomAccess.ts';
import type { SummaryDraft } from './summaryDraft.ts';
import {
  inFile,
  orderTensors,
  placeTensors,
  tellUnread,
  type PlacedTensor,
  type Storage,
} from './tensorPlaces.ts';

/**
 * Reads what torch.save wrote before 1.6: a magic number, a version, facts on the system, the object, and the keys of the storages, a
 * pickle each; then the storages.
 */
export async function readTorchStack(
  draft: SummaryDraft,
  access: RandomAccess,
  signal: AbortSignal,
): Promise<void> {
  const record = new PickleRecord(draft);
  const input = new PickleInput(rangeStream(access, 0, access.size, signal));
  const unpickler = new Unpickler(input, record);
  const values: (Value | undefined)[] = [];
  let complete = true;
  while (complete && values.length < 5) {
    const loaded = await unpickler.load();
    values.push(loaded.value);
    complete = loaded.complete;
  }
  const [, version, system = null, root, keys] = values;
  draft.formatVersion = `stacked ${typeof version === 'number' ? version : ''}`.trim();
  const bigEndian = entryOf(system, 'little_endian') === false;
  if (bigEndian) draft.metadata.set('byteorder', 'big');
  if (root !== undefined) {
    const contents = new Contents(draft);
    contents.visit(root, '', 'plain');
    const declared = new Map<string, number>();
    for (const id of record.persistent) {
      const storage = storageOf({ kind: 'persistent', id });
      if (storage?.key !== undefined) declared.set(storage.key, storage.type.bytes);
    }
    const storages =
      keys === undefined
        ? new Map<string, Storage>()
        : await readStorages(access, input.position, keys, declared, bigEndian, draft);
    const place = (found: readonly FoundTensor[]): readonly PlacedTensor[] =>
      placeTensors(found, storages, inFile, draft);
    const tensors = await readScales(contents.tensors, (tensor) => place([tensor])[0]?.info, access);
    if (complete) tellUnread(draft, declared.keys(), new Set(storageKeys(tensors)));
    draft.addTensors(orderTensors(place(tensors)));
  }
  noteImports(record);
}

/** Each is its number of elements, and their bytes. */
async function readStorages(
  access: RandomAccess,
  start: number,
  keys: Value,
  elementBytes: ReadonlyMap<string, number>,
  bigEndian: boolean,
  draft: SummaryDraft,
): Promise<ReadonlyMap<string, Storage>> {
  const storages = new Map<string, Storage>();
  let offset = start;
  for (const keyValue of sequence(keys) ?? []) {
    const key = String(keyValue);
    const bytes = elementBytes.get(key);
    if (bytes === undefined || offset + 8 > access.size) {
      draft.damaged(l10n.t('The storages of the file break off.'), offset);
      break;
    }
    const count = Buffer.from(await access.read(offset, 8)).readBigUInt64LE(0);
    const length = Number(count) * bytes;
    offset += 8;
    if (!(length <= access.size - offset)) {
      draft.damaged(l10n.t('The storages of the file break off.'), offset);
      break;
    }
    storages.set(key, { place: inFile(offset, length), length, bigEndian });
    offset += length;
  }
  return storages;
}
