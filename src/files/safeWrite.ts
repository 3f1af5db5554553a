import { rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import type { ContentId } from '../core/facts.ts';
import { type Operation, throwIfCancelled } from '../core/operation.ts';
import { shortId } from '../core/shortId.ts';
import {
  makeDirectory,
  moveToFreeName,
  openDirectory,
  renameOver,
  temporaryBeside,
  tryLink,
  writeNew,
} from './durable.ts';
import { requireSpace } from './freeSpace.ts';
import { writeAndHash } from './hash.ts';
import { lasting, untilSettled } from './settled.ts';
import { type FileStamp, sameStamp, stampFrom, stampOf } from './stamp.ts';
import { removeStaleTemps } from './staleTemps.ts';
import { setModeIfAllowed } from './ownerOnly.ts';
import { systemError } from './systemError.ts';

/** The one way to write a file: whole or not at all, and, but for caches, on the disk when the promise resolves. */

/** @throws TrailError `io` */
export async function writeDurably(file: string, data: string | Uint8Array): Promise<void> {
  await throughTemporary(file, async (temporary) => {
    await writeNew(temporary, (handle) => handle.writeFile(data));
    await renameOver(temporary, file);
  });
}

/**
 * For what can be found out again, and is checked when it is read: nobody waits for the disk, so a crash of the machine may spoil it.
 * @throws TrailError `io`
 */
export function writeCache(file: string, data: string | Uint8Array): Promise<void> {
  return throughCacheFile(file, data, (temporary) => renameOver(temporary, file));
}

/**
 * Like `writeCache`, but never over an existing file: of several that try at once, one creates it.
 * @returns false when the name exists
 * @throws TrailError `io`
 */
export function createCache(file: string, data: string | Uint8Array): Promise<boolean> {
  return throughCacheFile(file, data, (temporary) => moveToFreeName(temporary, file));
}

async function throughCacheFile<T>(
  file: string,
  data: string | Uint8Array,
  place: (temporary: string) => Promise<T>,
): Promise<T> {
  const temporary = temporaryBeside(file);
  try {
    await makeDirectory(path.dirname(file));
    await writeFile(temporary, data, { flag: 'wx' });
    return await place(temporary);
  } catch (error) {
    throw systemError(error, file);
  } finally {
    await rm(temporary, { force: true }).catch(() => {});
  }
}

/**
 * Like `writeDurably`, but never over an existing file: of several that try at once, one creates it.
 * @returns false when the name exists
 * @throws TrailError `io`
 */
export function createDurably(file: string, data: string | Uint8Array): Promise<boolean> {
  return throughTemporary(file, async (temporary) => {
    await writeNew(temporary, (handle) => handle.writeFile(data));
    return moveToFreeName(temporary, file);
  });
}

export interface WantedContent {
  readonly id: ContentId;
  /** In bytes. */
  readonly size: number;
  /** What the target must still be when it is replaced; anything, if not given. */
  readonly expected?: FileStamp | 'missing';
  /** What a message calls the target. */
  readonly model: string;
}

/**
 * Puts a content in place of a file once it is whole and verified; never writes into the old file, which other names may share.
 * A symbolic link is itself replaced: what it leads to may be in a cache (DVC, Hugging Face) that must not change.
 * @returns what to know the file by later
 * @throws TrailError `damaged` when the content is not what it should be; `refused` when the target is no longer as expected;
 *   `cancelled`; `io`. In each case the target is as it was, unless the disk fails when all that is left is to make its new name last.
 */
export async function replaceWithContent(
  target: string,
  content: AsyncIterable<Uint8Array>,
  wanted: WantedContent,
  operation: Operation,
): Promise<FileStamp> {
  await requireExpected(target, wanted);
  await removeStaleTemps(path.dirname(target));
  let since = 0;
  const written = await throughTemporary(target, async (temporary) => {
    await requireSpace(path.dirname(target), wanted.size);
    const stamp = await writeVerified(temporary, content, wanted, await modeOf(target), operation);
    throwIfCancelled(operation);
    // Where nobody else writes, nobody has to wait.
    since = wanted.expected === undefined ? Date.now() : await untilSettled(stamp);
    await putInPlace(temporary, target, wanted);
    return stamp;
  });
  // The name that it got last has changed its ctime.
  const now = await stampOf(target).catch(() => written);
  return lasting(sameStamp(written, now) ? now : written, since);
}

function writeVerified(
  temporary: string,
  content: AsyncIterable<Uint8Array>,
  wanted: WantedContent,
  mode: number | undefined,
  operation: Operation,
): Promise<FileStamp> {
  return writeNew(temporary, async (handle) => {
    const label = l10n.t('Writing {0}', wanted.model);
    const { id, size } = await writeAndHash(handle, content, operation, { label, total: wanted.size });
    if (size !== wanted.size || id !== wanted.id) {
      throw new TrailError(
        'damaged',
        l10n.t(
          'The bytes for {0} are damaged: they are not those of version {1}. The file was left as it was.',
          wanted.model,
          shortId(wanted.id),
        ),
      );
    }
    if (mode !== undefined) await setModeIfAllowed(handle, mode);
    return stampFrom(await handle.stat({ bigint: true }));
  });
}

async function putInPlace(temporary: string, file: string, wanted: WantedContent): Promise<void> {
  const { expected } = wanted;
  if (expected === undefined) return renameOver(temporary, file);
  if (expected === 'missing') {
    if (!(await moveToFreeName(temporary, file))) throw changedMeanwhile(wanted);
    return;
  }
  // Between the last look and the rename another program may still write into the old file: a second name keeps hold of it.
  const hold = temporaryBeside(file);
  const held = (await exists(file)) && (await tryLink(file, hold)) === 'linked';
  try {
    await requireExpected(file, wanted);
    await renameOver(temporary, file);
    if (held && !sameStamp(await stampOf(hold), expected)) {
      await renameOver(hold, file);
      throw changedMeanwhile(wanted);
    }
  } finally {
    await rm(hold, { force: true });
  }
}

async function requireExpected(file: string, wanted: WantedContent): Promise<void> {
  const { expected } = wanted;
  const found = await stampOf(file).catch((error: unknown) => {
    if (TrailError.is(error, 'notFound')) return 'missing' as const;
    throw error;
  });
  if (expected === undefined) return;
  const same =
    found === 'missing' || expected === 'missing' ? found === expected : sameStamp(found, expected);
  if (!same) throw changedMeanwhile(wanted);
}

function changedMeanwhile(wanted: WantedContent): TrailError {
  return new TrailError(
    'refused',
    l10n.t('{0} was changed by another program meanwhile. Nothing was replaced; try again.', wanted.model),
  );
}

/** Gives `work` a name beside `file` to write to, and cleans up after it whatever happens. */
async function throughTemporary<T>(file: string, work: (temporary: string) => Promise<T>): Promise<T> {
  const temporary = temporaryBeside(file);
  try {
    await makeDirectory(path.dirname(file));
    const folder = await openDirectory(path.dirname(file));
    try {
      const result = await work(temporary);
      await rm(temporary, { force: true });
      await folder.sync();
      return result;
    } finally {
      await folder.close();
    }
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw systemError(error, file);
  }
}

async function modeOf(file: string): Promise<number | undefined> {
  const stats = await stat(file).catch(() => undefined);
  return stats && stats.mode & 0o7777;
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}
