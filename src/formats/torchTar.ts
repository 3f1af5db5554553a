import * as l10n from '@vscode/l10n';
import { Malformed, type ByteCursor } from './byteCursor.ts';
import { rangeStream } from './byteStream.ts';
import { Contents } from './pickle/contents.ts';
import { noteImports } from './pickle/imports.ts';
import { PickleInput } from './pickle/input.ts';
import { PickleRecord } from './pickle/record.ts';
import type { TorchTensor } from './pickle/torchTensor.ts';
import { Unpickler } from './pickle/unpickler.ts';
import { globalName, sequence, type Value } from './pickle/values.ts';
import type { RandomAccess } from './randomAccess.ts';
import type { SummaryDraft } from './summaryDraft.ts';
import { orderTensors, partOf, placeTensors, type Storage } from './tensorPlaces.ts';
import { storageType, type TorchType } from './torchTypes.ts';

const block = 512;
const maxMembers = 64;
const maxDimensions = 64;
const maxTensors = 200_000;

interface TarStorage extends Storage {
  readonly type: TorchType;
}

/** Reads what the first versions of PyTorch wrote: storages, tensors, and the object that holds them by their keys. */
export async function readTorchTar(
  draft: SummaryDraft,
  access: RandomAccess,
  cursor: ByteCursor,
  signal: AbortSignal,
): Promise<void> {
  const members = await listMembers(access, cursor);
  const record = new PickleRecord(draft);
  draft.formatVersion = 'tar';
  const open = (name: string): Unpickler | undefined => {
    const member = members.get(name);
    if (!member) {
      draft.damaged(l10n.t('The archive has no member "{0}".', name));
      return undefined;
    }
    const [start, end] = member;
    return new Unpickler(new PickleInput(rangeStream(access, start, end, signal)), record);
  };
  const storages = new Map<string, TarStorage>();
  const tensors = new Map<string, TorchTensor>();
  await guarded(draft, async () => readStorages(open('storages'), storages));
  await guarded(draft, async () => readTensors(open('tensors'), storages, tensors));
  const loaded = await open('pickle')?.load();
  if (loaded?.value !== undefined) {
    const contents = new Contents(draft, (id) => tensors.get(String(id)));
    contents.visit(loaded.value, '', 'plain');
    draft.addTensors(orderTensors(placeTensors(contents.tensors, storages, () => undefined, draft)));
  }
  noteImports(record);
}

async function guarded(draft: SummaryDraft, read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    draft.damaged(error.message || l10n.t('The storages of the file break off.'));
  }
}

async function listMembers(
  access: RandomAccess,
  cursor: ByteCursor,
): Promise<ReadonlyMap<string, readonly [start: number, end: number]>> {
  const members = new Map<string, readonly [number, number]>();
  for (let at = 0; at + block <= access.size && members.size < maxMembers;) {
    cursor.moveTo(at);
    const header = Buffer.from(await cursor.bytes(block, block)).toString('latin1');
    const name = header.slice(0, 100).replace(/\0.*$/s, '');
    const size = Number.parseInt(header.slice(124, 136), 8);
    const start = at + block;
    if (name === '' || !(size >= 0 && size <= access.size - start)) break;
    members.set(name.replace(/^\.\//, ''), [start, start + size]);
    at = start + Math.ceil(size / block) * block;
  }
  return members;
}

async function readStorages(
  unpickler: Unpickler | undefined,
  storages: Map<string, TarStorage>,
): Promise<void> {
  if (!unpickler) return;
  const { input } = unpickler;
  const count = await loadCount(unpickler);
  for (let done = 0; done < count; done++) {
    const [key = null, , storageClass] = sequence((await unpickler.load()).value) ?? [];
    const name = globalName(storageClass) ?? '';
    const type = storageType(name.slice(name.lastIndexOf('.') + 1));
    if (!type) throw new Malformed();
    await input.need(8);
    const length = input.u64() * type.bytes;
    storages.set(String(key), { type, place: input.place(input.position, length), length });
    await input.skip(length);
  }
  for (const view of sequence((await unpickler.load()).value) ?? []) addView(sequence(view) ?? [], storages);
}

/** A storage that is a part of another one. */
function addView(view: readonly Value[], storages: Map<string, TarStorage>): void {
  const [key = null, root = null, offset, count] = view;
  const whole = storages.get(String(root));
  if (!whole?.place || typeof offset !== 'number' || typeof count !== 'number') throw new Malformed();
  const length = count * whole.type.bytes;
  const place = partOf(whole.place, offset * whole.type.bytes, length);
  storages.set(String(key), { type: whole.type, place, length });
}

async function readTensors(
  unpickler: Unpickler | undefined,
  storages: ReadonlyMap<string, TarStorage>,
  tensors: Map<string, TorchTensor>,
): Promise<void> {
  if (!unpickler) return;
  const { input } = unpickler;
  const count = await loadCount(unpickler);
  for (let done = 0; done < count; done++) {
    const [key = null, storageKey = null] = sequence((await unpickler.load()).value) ?? [];
    const storage = storages.get(String(storageKey));
    await input.need(8);
    const dimensions = input.u32();
    input.u32();
    if (!storage || dimensions > maxDimensions) throw new Malformed();
    await input.need(16 * dimensions + 8);
    const numbers = Array.from({ length: 2 * dimensions + 1 }, () => input.u64());
    const { type, length } = storage;
    tensors.set(String(key), {
      type,
      shape: numbers.slice(0, dimensions),
      strides: numbers.slice(dimensions, -1),
      storage: { key: String(storageKey), length },
      offset: (numbers.at(-1) ?? 0) * type.bytes,
    });
  }
}

async function loadCount(unpickler: Unpickler): Promise<number> {
  const { value } = await unpickler.load();
  if (typeof value !== 'number' || !(value >= 0 && value <= maxTensors)) throw new Malformed();
  return value;
}
