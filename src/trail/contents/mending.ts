import { rm } from 'node:fs/promises';
import path from 'node:path';
import { TrailError } from '../../core/errors.ts';
import type { Operation } from '../../core/operation.ts';
import type { Version } from '../../core/versions.ts';
import { temporaryBeside } from '../../files/durable.ts';
import { replaceWithContent } from '../../files/safeWrite.ts';
import type { TrailContext } from '../context.ts';
import { damagedRanges } from './damage.ts';
import { filesOf } from './directoryContents.ts';
import { startsInFile } from './layouts.ts';

/** Puts bytes into the store again: what is damaged there is written anew, as far as the store knows it. @returns whether they are those of the version */
export async function keepContent(
  { store }: TrailContext,
  { id, size, model }: Version,
  content: AsyncIterable<Uint8Array>,
  operation: Operation,
): Promise<boolean> {
  const file = temporaryBeside(path.join(store.temporaries, path.basename(model)));
  try {
    await replaceWithContent(file, content, { id, size, model }, operation);
    const starts = await startsInFile(file, model, operation.signal);
    return (await store.put(file, operation, starts)).id === id;
  } finally {
    await rm(file, { force: true });
  }
}

/**
 * Brings back damaged blocks of a version that other versions of its model share, which `contentOf` finds outside the store.
 * @returns whether all of it can be read again; false where nothing may be written
 */
export async function mendFromOthers(
  context: TrailContext,
  version: Version,
  contentOf: (other: Version) => Promise<AsyncIterable<Uint8Array> | undefined>,
  operation: Operation,
): Promise<boolean> {
  const { store, settings } = context;
  if (!settings.trusted) return false;
  const { id } = version;
  const helpers = async function* (): AsyncGenerator<readonly [Version, AsyncIterable<Uint8Array>]> {
    for await (const other of versionsBeside(context, version)) {
      if (other.id === id || !(await store.sharesLost(id, other.id))) continue;
      const content = await contentOf(other).catch(unlessFailed);
      if (content) yield [other, content];
    }
  };
  // Who read it stopped at the first that is damaged: all of it is read only where somebody has that.
  if ((await helpers().next()).done) return false;
  await damagedRanges(context, version, operation);
  for await (const [other, content] of helpers()) {
    if (!(await keepContent(context, other, content, operation).catch(unlessFailed))) continue;
    if (!(await store.sharesLost(id, id))) return true;
  }
  return false;
}

/** What cannot be read there, or not be put into the store, leaves a version as damaged as it is. */
function unlessFailed(error: unknown): undefined {
  if (TrailError.is(error, 'cancelled') || !TrailError.is(error)) throw error;
}

/** Those of the same file, be it one of a directory. */
async function* versionsBeside(context: TrailContext, { model }: Version): AsyncGenerator<Version> {
  for (let owner = model; owner !== '.'; owner = path.posix.dirname(owner)) {
    for (const version of context.catalogue.versionsOf(owner)) {
      if (version.files === undefined) yield version;
      else yield* (await filesOf(context, version).catch(() => [])).filter((file) => file.model === model);
    }
  }
}
