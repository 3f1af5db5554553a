import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import type { ContentId } from '../core/facts.ts';
import type { Operation } from '../core/operation.ts';
import { makeDirectory, renameOver, syncDirectory, temporaryBeside } from '../files/durable.ts';
import { contentOf, hashFile, type HashedFile } from '../files/hash.ts';
import { removeStaleTemps } from '../files/safeWrite.ts';
import { stampOf } from '../files/stamp.ts';
import { systemError } from '../files/systemError.ts';
import { copierInto } from './copyIn.ts';

/** Contents by their SHA-256. What is in it never changes; nothing in it is ever half written. */
export interface ContentStore {
  has(id: ContentId): Promise<boolean>;
  /**
   * Keeps the bytes of a file; they are on the disk when this resolves.
   * @throws TrailError `refused` when the file changes meanwhile or is not a file; `notFound`; `cancelled`; `io`
   */
  put(file: string, operation: Operation): Promise<HashedFile>;
  /** Chunks that stay as they are; not verified. @throws TrailError `missingBytes` */
  open(id: ContentId): AsyncIterable<Uint8Array>;
  /** In bytes. @throws TrailError `missingBytes` */
  sizeOf(id: ContentId): Promise<number>;
  list(): AsyncIterable<ContentId>;
  /** Reads a content and compares it with its identity. */
  check(id: ContentId, operation: Operation): Promise<'ok' | 'missing' | 'damaged'>;
}

/** A store that keeps each content as one read-only file, `objects/ab/ab12…`. Makes no folder before the first `put`. */
export function openWholeFileStore(directory: string): ContentStore {
  const objects = path.join(directory, 'objects');
  const temporaries = path.join(directory, 'tmp');
  const copyIn = copierInto(temporaries);
  let prepared: Promise<void> | undefined;

  const objectFile = (id: ContentId): string => {
    // An id may come from a file that somebody else wrote: it must not lead out of the store.
    if (!/^[0-9a-f]{64}$/.test(id)) throw new TrailError('usage', l10n.t('"{0}" is not a SHA-256.', id));
    return path.join(objects, id.slice(0, 2), id);
  };

  const sizeIfHere = async (id: ContentId): Promise<number | undefined> => {
    const file = objectFile(id);
    try {
      const stats = await stat(file);
      return stats.isFile() ? stats.size : undefined;
    } catch (error) {
      const problem = systemError(error, file);
      if (problem.code === 'notFound') return undefined;
      throw problem;
    }
  };

  const prepare = async (): Promise<void> => {
    await makeDirectory(temporaries);
    await removeStaleTemps(temporaries);
  };

  /** Renames a verified temporary file to its place, unless the content is there already. */
  const keep = async (temporary: string, { id, size }: HashedFile): Promise<void> => {
    if ((await sizeIfHere(id)) === size) return;
    const file = objectFile(id);
    await makeDirectory(path.dirname(file));
    await renameOver(temporary, file);
    await syncDirectory(path.dirname(file));
  };

  return {
    async has(id) {
      return (await sizeIfHere(id)) !== undefined;
    },

    async put(file, operation) {
      // First what is wrong with the file: then nothing is made for it.
      await stampOf(file);
      const temporary = temporaryBeside(path.join(temporaries, path.basename(file)));
      try {
        await (prepared ??= prepare());
        const hashed = await copyIn(file, temporary, operation);
        await keep(temporary, hashed);
        return hashed;
      } catch (error) {
        prepared = undefined;
        throw systemError(error, directory);
      } finally {
        await rm(temporary, { force: true }).catch(() => {});
      }
    },

    async *open(id) {
      if ((await sizeIfHere(id)) === undefined) throw missing(id);
      yield* contentOf(objectFile(id));
    },

    async sizeOf(id) {
      const size = await sizeIfHere(id);
      if (size === undefined) throw missing(id);
      return size;
    },

    async *list() {
      for (const folder of await namesIn(objects)) {
        for (const name of await namesIn(path.join(objects, folder))) {
          if (/^[0-9a-f]{64}$/.test(name) && name.startsWith(folder)) yield name;
        }
      }
    },

    async check(id, operation: Operation) {
      if ((await sizeIfHere(id)) === undefined) return 'missing';
      const label = l10n.t('Verifying {0}', id.slice(0, 12));
      const found = await hashFile(objectFile(id), operation, label);
      return found.id === id ? 'ok' : 'damaged';
    },
  };
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (error) {
    const problem = systemError(error, directory);
    if (problem.code === 'notFound') return [];
    throw problem;
  }
}

function missing(id: ContentId): TrailError {
  return new TrailError(
    'missingBytes',
    l10n.t('The bytes of version {0} are not in the store on this machine.', id.slice(0, 12)),
  );
}
