import { stat } from 'node:fs/promises';
import { isLost, TrailError } from '../../core/errors.ts';
import type { ListedFile } from '../../core/listing.ts';
import type { Operation } from '../../core/operation.ts';
import type { Version } from '../../core/versions.ts';
import { listingId } from '../../files/directory.ts';
import { hashFile } from '../../files/hash.ts';
import { locateElsewhere } from '../contents/contents.ts';
import type { TrailContext } from '../context.ts';
import { damagedRanges } from '../contents/damage.ts';
import { filesOf } from '../contents/directoryContents.ts';
import { hashDirectory } from '../contents/directoryCopies.ts';
import { startsInFile } from '../contents/layouts.ts';
import { keepListing } from '../contents/listings.ts';
import { keepContent } from '../contents/mending.ts';
import { absolutePath } from '../paths.ts';

/**
 * Brings the bytes of a version back into the store: from Git, LFS or DVC, from where they were kept before, or from a working copy that is
 * equal. What is damaged in the store is written anew, the rest is not written again; reading is what tells the store which is damaged,
 * and whoever checks stops at the first.
 * @returns whether they are all there now
 */
export async function repair(
  context: TrailContext,
  version: Version,
  operation: Operation,
): Promise<boolean> {
  await damagedRanges(context, version, operation);
  if (version.files !== undefined) return repairListing(context, version, operation);
  const { store } = context;
  for (const attempt of [fromWorkingCopy, fromOtherStore, fromElsewhere]) {
    try {
      if (!(await attempt(context, version, operation))) continue;
      if ((await store.check(version.id, operation)) === 'ok') return true;
      // The list of its blocks was damaged too: that is whole again, so that they can be read.
      await damagedRanges(context, version, operation);
      await attempt(context, version, operation);
    } catch (error) {
      // What is not there, or not as it should be, may be in another place.
      if (!TrailError.is(error, 'notFound', 'refused') && !isLost(error)) throw error;
      continue;
    }
    if ((await store.check(version.id, operation)) === 'ok') return true;
  }
  return false;
}

/** The list of the files of a directory; they are repaired one by one. */
async function repairListing(
  context: TrailContext,
  version: Version,
  operation: Operation,
): Promise<boolean> {
  const { store } = context;
  for (const attempt of [listedInGit, listedInWorkingCopy]) {
    const files = await attempt(context, version, operation).catch((error: unknown) => {
      if (!TrailError.is(error) || error.code === 'cancelled') throw error;
    });
    if (files && listingId(files) === version.id) {
      await keepListing(store, files, operation);
      return (await store.check(version.id, operation)) === 'ok';
    }
  }
  return false;
}

async function listedInGit(context: TrailContext, version: Version): Promise<ListedFile[]> {
  const files = await filesOf(context, version);
  return files.map(({ model, size, id }) => ({ path: model.slice(version.model.length + 1), size, id }));
}

async function listedInWorkingCopy(
  context: TrailContext,
  { model }: Version,
  operation: Operation,
): Promise<readonly ListedFile[]> {
  return (await hashDirectory(context, model, operation)).files;
}

async function fromWorkingCopy(
  context: TrailContext,
  { id, model, size }: Version,
  operation: Operation,
): Promise<boolean> {
  const file = absolutePath(context.root, model);
  if ((await stat(file).catch(() => undefined))?.size !== size) return false;
  // Another content is none that the store should hold; and what cannot be read is of no help.
  const found = await hashFile(file, operation, model).catch((error: unknown) => {
    if (!TrailError.is(error, 'io')) throw error;
  });
  if (found?.id !== id) return false;
  const starts = await startsInFile(file, model, operation.signal);
  return (await context.store.put(file, operation, starts)).id === id;
}

async function fromOtherStore(
  context: TrailContext,
  version: Version,
  operation: Operation,
): Promise<boolean> {
  for (const other of context.otherStores) {
    if (await other.has(version.id)) return keepContent(context, version, other.open(version.id), operation);
  }
  return false;
}

async function fromElsewhere(
  context: TrailContext,
  version: Version,
  operation: Operation,
): Promise<boolean> {
  const place = await locateElsewhere(context, version, operation);
  return place !== undefined && keepContent(context, version, place.open(), operation);
}
