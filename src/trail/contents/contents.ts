import { isLost, TrailError } from '../../core/errors.ts';
import type { Operation } from '../../core/operation.ts';
import { formatListing } from '../../core/listing.ts';
import type { Version } from '../../core/versions.ts';
import { contentOf } from '../../files/hash.ts';
import { BlobReader } from '../../history/blobs.ts';
import { findLfsObject, lfsStorage } from '../../history/lfs.ts';
import type { FileCopy } from '../../store/blocksInFile.ts';
import type { TrailContext } from '../context.ts';
import { explained } from './damage.ts';
import { filesOf } from './directoryContents.ts';
import { dvcCopy } from './dvcCopies.ts';
import { mendFromOthers } from './mending.ts';
import { whereFrom } from './whereFrom.ts';

/** A place on this machine that has a version's bytes. They are not verified yet: whoever reads them does. */
export interface ContentPlace {
  readonly kind: 'store' | 'git' | 'lfs' | 'dvc';
  /** @param copy a file that may share bytes with it */
  open(copy?: FileCopy): AsyncIterable<Uint8Array>;
}

/**
 * Where the bytes of a version are, the quickest place first; undefined when nowhere here. Takes back from the store what was given up by
 * mistake, where it may change something.
 */
export async function locate(
  context: TrailContext,
  version: Version,
  operation: Operation,
): Promise<ContentPlace | undefined> {
  if (version.files !== undefined) return locateDirectory(context, version, operation);
  const { kept, store } = context;
  const inStore: ContentPlace = { kind: 'store', open: (copy) => kept.open(version.id, copy) };
  if (await kept.has(version.id)) return inStore;
  // Somebody gave it up while it was recorded, by one that was killed then.
  const isClaimed = version.number !== undefined && !version.forgotten;
  if (isClaimed && context.settings.trusted && (await store.recover(version.id))) return inStore;
  return locateElsewhere(context, version, operation);
}

/** A directory is where all its files are; what is read of it there is the list of them. */
async function locateDirectory(
  context: TrailContext,
  version: Version,
  operation: Operation,
): Promise<ContentPlace | undefined> {
  const files = await filesOf(context, version).catch((error: unknown) => {
    if (!TrailError.is(error, 'missingBytes')) throw error;
  });
  if (!files) return undefined;
  let kind: ContentPlace['kind'] = 'store';
  for (const file of files) {
    const place = await locate(context, file, operation);
    if (!place) return undefined;
    if (place.kind !== 'store') ({ kind } = place);
  }
  return { kind, open: () => listingOf(version, files) };
}

async function* listingOf({ model }: Version, files: readonly Version[]): AsyncGenerator<Uint8Array> {
  const listed = files.map((file) => ({ ...file, path: file.model.slice(model.length + 1) }));
  yield Buffer.from(formatListing(listed));
}

/** Where the bytes of a version of a file are besides the store. */
export async function locateElsewhere(
  context: TrailContext,
  version: Version,
  operation: Operation,
): Promise<ContentPlace | undefined> {
  const inGit = await locateInGit(context, version);
  if (inGit) return inGit;
  const copy = await dvcCopy(context, version, operation);
  return copy === undefined ? undefined : { kind: 'dvc', open: () => contentOf(copy) };
}

async function locateInGit(context: TrailContext, version: Version): Promise<ContentPlace | undefined> {
  const { git } = context;
  if (!git) return undefined;
  const plain = version.sightings.find((sighting) => !sighting.lfs);
  if (plain) return { kind: 'git', open: () => blobContent(context, plain.blob) };
  const object = await findLfsObject(await lfsStorage(git), version);
  return object === undefined ? undefined : { kind: 'lfs', open: () => contentOf(object) };
}

/** @throws TrailError `missingBytes`, saying where they could come from */
export async function locateOrFail(
  context: TrailContext,
  version: Version,
  operation: Operation,
): Promise<ContentPlace> {
  const place = await locate(context, version, operation);
  if (place) return place;
  throw new TrailError('missingBytes', await whereFrom(context, version));
}

/**
 * Does something with the bytes of a version, again with those of Git, LFS or DVC when those in the store are damaged; where these only have
 * another version with the damaged blocks, it is mended first. `use` must leave nothing behind when it fails.
 * @param copy a file that may share bytes with it
 * @throws TrailError `missingBytes`; `damaged`, naming the tensor; what `use` throws
 */
export async function withContent<T>(
  context: TrailContext,
  version: Version,
  use: (content: AsyncIterable<Uint8Array>) => Promise<T>,
  operation: Operation,
  copy?: FileCopy,
): Promise<T> {
  const { store } = context;
  const place = await locateOrFail(context, version, operation);
  try {
    return await use(place.open(copy));
  } catch (error) {
    if (place.kind !== 'store' || !isLost(error)) throw error;
    // The store was moved meanwhile.
    if (context.store !== store) return withContent(context, version, use, operation, copy);
    const other = await locateElsewhere(context, version, operation);
    if (other) return use(other.open());
    const elsewhere = async (sharing: Version) =>
      (await locateElsewhere(context, sharing, operation))?.open();
    if (await mendFromOthers(context, version, elsewhere, operation)) return use(place.open(copy));
    throw await explained(context, version, error);
  }
}

async function* blobContent(context: TrailContext, blob: string): AsyncIterable<Uint8Array> {
  if (!context.git) return;
  const reader = new BlobReader(context.git);
  try {
    yield* reader.read(blob);
  } finally {
    reader.dispose();
  }
}
