import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import type { ContentId, ModelPath } from '../../core/facts.ts';
import type { ListedFile } from '../../core/listing.ts';
import type { Operation } from '../../core/operation.ts';
import { directoryFiles, directoryStamp } from '../../files/directory.ts';
import { type FileStamp, stampOf, waitUntilStill } from '../../files/stamp.ts';
import type { TrailContext } from '../context.ts';
import { isModelDirectory, listDirectory } from '../contents/directoryCopies.ts';
import { startsInFile } from '../contents/layouts.ts';
import { ensureKept, keepListing, readListing } from '../contents/listings.ts';
import { absolutePath } from '../paths.ts';
import { isStillUsed, prepareStore } from '../claims/storeUsers.ts';

/** What was on disk, and is in the store now. */
export interface KeptCopy {
  readonly id: ContentId;
  /** In bytes. */
  readonly size: number;
  readonly stamp: FileStamp;
  /** Of a directory. */
  readonly files?: readonly ListedFile[];
  /** Whether the store had some of it before, which was not read now. */
  readonly isFromBefore: boolean;
}

/** Puts the bytes of a working copy into the store, unless they are known to be there. What was lost of them is put in again. */
export async function keep(context: TrailContext, model: ModelPath, operation: Operation): Promise<KeptCopy> {
  try {
    return await keepFile(context, model, operation);
  } catch (error) {
    // Most are files: it is looked for a directory when it turned out to be none.
    if (!TrailError.is(error, 'refused') || !(await isModelDirectory(context, model))) throw error;
    return keepDirectory(context, model, operation);
  }
}

/** @param whole contents that are known to be complete in the store; given for a directory's files, which are looked up together */
async function keepFile(
  context: TrailContext,
  model: ModelPath,
  operation: Operation,
  whole?: ReadonlySet<ContentId>,
): Promise<KeptCopy> {
  const file = absolutePath(context.root, model);
  for (;;) {
    const { store } = context;
    const stamp = await stampOf(file);
    const known = context.stamps.contentOf(model, stamp);
    // Whoever put it there may forget it: it stays for those that are known to use the store.
    if (!whole && known) await prepareStore(context, operation);
    if (known && (whole ?? (await store.wholeAmong([known]))).has(known))
      return { id: known, size: stamp.size, stamp, isFromBefore: true };
    if (!(await waitUntilStill(file, operation)))
      throw new TrailError(
        'refused',
        l10n.t('{0} is still being written; record it when it is complete.', model),
      );
    await prepareStore(context, operation);
    const starts = await startsInFile(file, model, operation.signal);
    const parent = context.catalogue.factsOf(model)?.head;
    const kept = await store.put(file, operation, starts, parent).catch((error: unknown) => {
      if (isStillUsed(context, store)) throw error;
    });
    if (!kept) continue;
    context.stamps.remember(model, kept.stamp, kept.id);
    // Where the store was before it was moved nobody looks any more.
    if (isStillUsed(context, store)) return kept;
  }
}

/** First the files, then the list of them. */
async function keepDirectory(
  context: TrailContext,
  model: ModelPath,
  operation: Operation,
): Promise<KeptCopy> {
  for (;;) {
    const { store } = context;
    const found = await directoryFiles(absolutePath(context.root, model));
    const stamp = directoryStamp(found);
    const known = context.stamps.contentOf(model, stamp);
    // Once for all files: it is several looks at the disk.
    await prepareStore(context, operation);
    const before = known && (await keptFiles(context, known));
    if (before) return { id: known, size: stamp.size, stamp, files: before, isFromBefore: true };
    // All at once: each look goes through the packs, which may be as many.
    const whole = await store.wholeAmong(
      found.flatMap((file) => context.stamps.contentOf(`${model}/${file.path}`, file.stamp) ?? []),
    );
    let isFromBefore = false;
    const listed = await listDirectory(context, model, operation, async (inner, _stamp, within) => {
      const kept = await keepFile(context, inner, within, whole);
      isFromBefore ||= kept.isFromBefore;
      return kept.id;
    });
    if (listed.files.length === 0) throw new TrailError('refused', l10n.t('{0} has no files.', model));
    if (!isStillUsed(context, store)) continue;
    await keepListing(store, listed.files, operation);
    if (isStillUsed(context, store)) return { ...listed, isFromBefore };
  }
}

/** The files of a directory if the store has all of it. A damaged list is kept anew. */
async function keptFiles({ store }: TrailContext, id: ContentId): Promise<readonly ListedFile[] | undefined> {
  try {
    return (await ensureKept(store, { id, files: 0 })) ? await readListing(store, id) : undefined;
  } catch (error) {
    if (TrailError.is(error, 'damaged')) return undefined;
    throw error;
  }
}
