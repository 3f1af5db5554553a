import { rm } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import type { ContentId } from '../core/facts.ts';
import { formatListing, type ListedFile, mostListingBytes, parseListing } from '../core/listing.ts';
import type { Operation } from '../core/operation.ts';
import { temporaryBeside } from '../files/durable.ts';
import { writeDurably } from '../files/safeWrite.ts';
import type { BlockStore } from '../store/blockStore.ts';
import type { ContentStore } from '../store/store.ts';

// The listing of a directory is kept as a content of its own.

/** Read before; a listing never changes. */
const known = new Map<ContentId, readonly ListedFile[]>();
const mostKnown = 64;

/**
 * The files of a directory by its identity; undefined when its listing is not in the store.
 * @throws TrailError `damaged`
 */
export async function readListing(
  store: ContentStore,
  id: ContentId,
): Promise<readonly ListedFile[] | undefined> {
  if (!(await store.has(id))) return undefined;
  const before = known.get(id);
  if (before) return before;
  const files =
    (await store.sizeOf(id)) <= mostListingBytes ? parseListing(await textOf(store, id)) : undefined;
  if (!files) {
    throw new TrailError(
      'damaged',
      l10n.t('The content {0} is not the list of files that it should be.', id.slice(0, 12)),
    );
  }
  const [oldest] = known.keys();
  if (oldest !== undefined && known.size >= mostKnown) known.delete(oldest);
  known.set(id, files);
  return files;
}

async function textOf(store: ContentStore, id: ContentId): Promise<string> {
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

/** Whether a content is in the store; of a directory, whether all of it is. What was given up meanwhile is taken back. */
export async function isKept(
  store: BlockStore,
  { id, files }: { readonly id: ContentId; readonly files?: number },
): Promise<boolean> {
  const isHere = async (content: ContentId): Promise<boolean> =>
    (await store.has(content)) || (await store.recover(content));
  if (!(await isHere(id))) return false;
  if (files === undefined) return true;
  for (const file of (await readListing(store, id)) ?? []) if (!(await isHere(file.id))) return false;
  return true;
}
