import { rm } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { isLost, TrailError } from '../../core/errors.ts';
import type { ContentId } from '../../core/facts.ts';
import { formatListing, type ListedFile, mostListingBytes, parseListing } from '../../core/listing.ts';
import type { Operation } from '../../core/operation.ts';
import { shortId } from '../../core/shortId.ts';
import { temporaryBeside } from '../../files/durable.ts';
import { writeDurably } from '../../files/safeWrite.ts';
import type { BlockStore } from '../../store/blockStore.ts';
import type { ContentStore } from '../../store/store.ts';
import type { KeptContents } from './keptContents.ts';

// The listing of a directory is kept as a content of its own.

/** Read before, the last used at the end; a listing never changes. */
const known = new Map<ContentId, readonly ListedFile[]>();
const mostKnown = 500;

/**
 * The files of a directory by its identity; undefined when its listing is not in the store.
 * @throws TrailError `damaged`
 */
export async function readListing(
  store: KeptContents,
  id: ContentId,
): Promise<readonly ListedFile[] | undefined> {
  if (!(await store.has(id))) return undefined;
  const before = known.get(id);
  if (before) return remember(id, before);
  const files =
    (await store.sizeOf(id)) <= mostListingBytes ? parseListing(await textOf(store, id)) : undefined;
  if (!files) {
    throw new TrailError(
      'damaged',
      l10n.t('The content {0} is not the list of files that it should be.', shortId(id)),
    );
  }
  return remember(id, files);
}

function remember(id: ContentId, files: readonly ListedFile[]): readonly ListedFile[] {
  known.delete(id);
  // Long lists make room for fewer.
  const most = Math.ceil((mostKnown * 100) / Math.max(files.length, 100));
  for (const oldest of known.keys()) {
    if (known.size < most) break;
    known.delete(oldest);
  }
  known.set(id, files);
  return files;
}

/**
 * The contents that a version is made of: itself, and of a directory its files as far as the store knows them.
 * @throws TrailError `damaged`
 */
export async function contentsIn(
  store: ContentStore,
  { id, files }: { readonly id: ContentId; readonly files?: number },
): Promise<readonly ContentId[]> {
  if (files === undefined) return [id];
  const listed = known.get(id) ?? (await readListing(store, id));
  return [id, ...(listed?.map((file) => file.id) ?? [])];
}

/** The same where a damaged list is no reason to stop: then its files are not among them. */
export async function readableContentsIn(
  store: ContentStore,
  version: { readonly id: ContentId; readonly files?: number },
): Promise<readonly ContentId[]> {
  try {
    return await contentsIn(store, version);
  } catch (error) {
    if (isLost(error)) return [version.id];
    throw error;
  }
}

/** What is given up with a version. The list of a directory's files stays: it is what is known of it. */
export async function bytesOf(
  store: ContentStore,
  version: { readonly id: ContentId; readonly files?: number },
): Promise<readonly ContentId[]> {
  return withoutListing(version, await contentsIn(store, version));
}

/** The same where a damaged list is no reason to stop: nothing is given up then, for nobody knows what it would be. */
export async function readableBytesOf(
  store: ContentStore,
  version: { readonly id: ContentId; readonly files?: number },
): Promise<readonly ContentId[]> {
  return withoutListing(version, await readableContentsIn(store, version));
}

function withoutListing(
  { files }: { readonly files?: number },
  contents: readonly ContentId[],
): readonly ContentId[] {
  return files === undefined ? contents : contents.slice(1);
}

const noListings = new Set<ContentId>();
const headBytes = 4096;

/**
 * The files of directories that are in the store and nothing is known of, by the look of their content: another branch may have
 * recorded them.
 */
export async function filesOfUnknown(
  store: ContentStore,
  isKnown: (id: ContentId) => boolean,
): Promise<ReadonlySet<ContentId>> {
  const claimed = new Set<ContentId>();
  for await (const id of store.list()) {
    if (isKnown(id) || noListings.has(id)) continue;
    try {
      const files = (await looksLikeListing(store, id)) ? await readListing(store, id) : undefined;
      if (!files) noListings.add(id);
      for (const file of files ?? []) claimed.add(file.id);
    } catch (error) {
      // What cannot be read claims nothing that anybody could find; it may be repaired, so it is looked at again.
      if (!isLost(error)) throw error;
    }
  }
  return claimed;
}

async function looksLikeListing(store: ContentStore, id: ContentId): Promise<boolean> {
  const access = await store.access(id);
  try {
    const head = await access.read(0, Math.min(access.size, headBytes));
    const [line = ''] = Buffer.from(head).toString('utf8').split('\n');
    return parseListing(`${line}\n`) !== undefined || (line.length > 1000 && access.size > headBytes);
  } finally {
    await access.close();
  }
}

async function textOf(store: KeptContents, id: ContentId): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of store.open(id)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/** It is on the disk when this resolves. */
export async function keepListing(
  store: BlockStore,
  files: readonly ListedFile[],
  operation: Operation,
): Promise<ContentId> {
  const file = temporaryBeside(path.join(store.temporaries, 'listing'));
  try {
    await writeDurably(file, formatListing(files));
    return (await store.put(file, operation)).id;
  } finally {
    await rm(file, { force: true });
  }
}

/** Takes back what was given up of a content meanwhile. @returns whether it is in the store; of a directory, whether all of it is */
export async function ensureKept(
  store: BlockStore,
  { id, files }: { readonly id: ContentId; readonly files?: number },
): Promise<boolean> {
  if (!(await areHere(store, [id]))) return false;
  if (files === undefined) return true;
  const listed = (await readListing(store, id)) ?? [];
  return areHere(
    store,
    listed.map((file) => file.id),
  );
}

async function areHere(store: BlockStore, ids: readonly ContentId[]): Promise<boolean> {
  const lost = await lostAmong(store, ids);
  if (lost.length === 0) return true;
  for (const id of lost) if (!(await store.recover(id))) return false;
  return (await lostAmong(store, lost)).length === 0;
}

async function lostAmong(store: BlockStore, ids: readonly ContentId[]): Promise<readonly ContentId[]> {
  const whole = await store.wholeAmong(ids);
  return ids.filter((id) => !whole.has(id));
}
