import * as l10n from '@vscode/l10n';
import { Malformed, type ByteCursor } from './byteCursor.ts';
import { displayText } from './displayText.ts';
import { loadMember } from './pickleMember.ts';
import { readScales, storageKeys } from './channelScales.ts';
import { Contents } from './pickle/contents.ts';
import type { FoundTensor } from './pickle/foundTensor.ts';
import { noteImports } from './pickle/imports.ts';
import { PickleRecord } from './pickle/record.ts';
import type { RandomAccess } from './randomAccess.ts';
import type { SummaryDraft } from './summaryDraft.ts';
import { orderTensors, placeTensors, tellUnread, type PlacedTensor, type Storage } from './tensorPlaces.ts';
import type { StoragePlace } from './tensorStorage.ts';
import type { ZipEntry } from './zip.ts';
import { memberSize, openZip, type ZipFile } from './zipFile.ts';

/** Pickles of an archive, each with the folder of its storages, and what its tensors are called by. */
const pickles = [
  { name: 'data.pkl', folder: 'data/', prefix: '' },
  { name: 'constants.pkl', folder: 'constants/', prefix: 'constants' },
] as const;
/** Contents of small text members. */
const maxNote = 64;

/** Reads what torch.save and torch.jit.save write: pickles, and a member for each storage, uncompressed. */
export async function readTorchArchive(
  draft: SummaryDraft,
  access: RandomAccess,
  cursor: ByteCursor,
  signal: AbortSignal,
): Promise<void> {
  const zip = await openZip(access, cursor, draft, signal);
  const start = [...zip.entries.values()].reduce(
    (least, { headerOffset }) => Math.min(least, headerOffset),
    Infinity,
  );
  // As in the .distcp files of torch.distributed.checkpoint.
  if (start > 0 && start < access.size) {
    draft.notRead(
      l10n.t(
        'Before the last archive in the file are {0} bytes that are not read: parts of a distributed checkpoint hold an archive for each tensor. dcp_to_torch_save of PyTorch makes one file of them.',
        start,
      ),
    );
  }
  const main = [...zip.entries.keys()].filter((name) => /(?:^|\/)data\.pkl$/.test(name));
  const shortest = main.sort((a, b) => a.length - b.length)[0];
  if (shortest === undefined) return draft.damaged(l10n.t('The archive has no data.pkl.'));
  const folder = shortest.slice(0, -'data.pkl'.length);
  const isScript = zip.entries.has(`${folder}constants.pkl`);
  const bigEndian = (await note(zip, `${folder}byteorder`)) === 'big';
  if (bigEndian) draft.metadata.set('byteorder', 'big');
  const version = (await note(zip, `${folder}version`)) ?? '';
  draft.formatVersion = isScript ? version : `zip ${version}`.trim();

  const record = new PickleRecord(draft);
  const placed: PlacedTensor[] = [];
  for (const { name, folder: storageFolder, prefix } of pickles) {
    const entry = zip.entries.get(folder + name);
    if (!entry) continue;
    const { value, place, complete } = await loadMember(zip, entry, record);
    if (value === undefined) continue;
    const contents = new Contents(draft);
    if (!(prefix !== '' && isEmptyTuple(value))) contents.visit(value, prefix, 'plain');
    const keys = new Set(storageKeys(contents.tensors));
    const storages = await findStorages(zip, keys, folder + storageFolder, draft, bigEndian);
    if (complete) tellUnread(draft, storagesIn(zip, folder + storageFolder), keys);
    const placeAll = (found: readonly FoundTensor[]): readonly PlacedTensor[] =>
      placeTensors(found, storages, place, draft, storageFolder);
    const tensors = await readScales(contents.tensors, (tensor) => placeAll([tensor])[0]?.info, access);
    for (const tensor of placeAll(tensors)) placed.push(tensor);
  }
  draft.addTensors(orderTensors(placed));
  if (isScript) listCode(zip, folder, draft);
  noteImports(record);
}

function isEmptyTuple(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'items' in value &&
    Array.isArray(value.items) &&
    value.items.length === 0
  );
}

/** By their keys: those that have bytes. */
function storagesIn(zip: ZipFile, folder: string): string[] {
  return [...zip.entries].flatMap(([name, entry]) => {
    const key = name.startsWith(folder) ? name.slice(folder.length) : '';
    return key !== '' && !key.includes('/') && entry.size > 0 ? [key] : [];
  });
}

async function findStorages(
  zip: ZipFile,
  keys: ReadonlySet<string>,
  folder: string,
  draft: SummaryDraft,
  bigEndian: boolean,
): Promise<ReadonlyMap<string, Storage>> {
  const storages = new Map<string, Storage>();
  for (const key of keys) {
    const entry = zip.entries.get(folder + key);
    if (!entry) continue;
    const length = memberSize(entry);
    storages.set(key, { place: await placeOf(zip, entry, length, draft), length, bigEndian });
  }
  return storages;
}

async function placeOf(
  zip: ZipFile,
  entry: ZipEntry,
  length: number,
  draft: SummaryDraft,
): Promise<StoragePlace | undefined> {
  try {
    return await zip.place(entry, 0, length);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    draft.damaged(error.message, entry.headerOffset);
    return undefined;
  }
}

/** The text of a small member. */
export async function note(zip: ZipFile, name: string): Promise<string | undefined> {
  const entry = zip.entries.get(name);
  if (!entry) return undefined;
  try {
    return displayText(
      Buffer.from(await zip.head(entry, maxNote))
        .toString()
        .trim(),
    );
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

/** TorchScript keeps the code of the model, which is its graph, as text. */
function listCode(zip: ZipFile, folder: string, draft: SummaryDraft): void {
  const names = [...zip.entries.keys()].filter((name) => name.startsWith(folder));
  const code = names.filter((name) => /^code\/.*\.py$/.test(name.slice(folder.length)));
  const extra = names.filter((name) => name.startsWith(`${folder}extra/`));
  for (const [key, members] of [
    ['code', code],
    ['extra', extra],
  ] as const) {
    if (members.length === 0) continue;
    draft.metadata.set(
      key,
      members
        .map((name) => name.slice(folder.length + key.length + 1))
        .sort()
        .join(', '),
    );
  }
}
