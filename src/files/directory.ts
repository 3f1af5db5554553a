import { createHash } from 'node:crypto';
import type { BigIntStats, Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { systemCode, TrailError } from '../core/errors.ts';
import { deepestFolder, formatListing, isInnerPath, type ListedFile, mostFiles } from '../core/listing.ts';
import { isPartOfModel } from '../core/modelDirectories.ts';
import type { ContentId } from '../core/facts.ts';
import { mapBounded } from './mapBounded.ts';
import { type FileStamp, stampFrom } from './stamp.ts';
import { notUtf8 } from './notUtf8.ts';
import { systemError } from './systemError.ts';

// A directory that is one model: see docs/directories.md.

/** A file of such a directory as it is on disk. */
export interface DirectoryFile {
  /** POSIX, relative to the directory. */
  readonly path: string;
  readonly stamp: FileStamp;
}

const breadth = 16;

/**
 * The files of a directory that is one model, by path.
 * @throws TrailError `refused` for what cannot be one: a broken link, a name that is not UTF-8, too many files; `notFound`; `io`
 */
export async function directoryFiles(directory: string): Promise<readonly DirectoryFile[]> {
  const names: string[] = [];
  for await (const { path: inner, entry } of entriesOf(directory)) {
    if (entry.isDirectory()) continue;
    if (!isInnerPath(inner)) {
      throw new TrailError(
        'refused',
        l10n.t('{0} has a name that not every system can have.', path.join(directory, inner)),
      );
    }
    names.push(inner);
    if (names.length > mostFiles) {
      throw new TrailError(
        'refused',
        l10n.t('{0} has more than {1} files: too many for one model.', directory, mostFiles),
      );
    }
  }
  const files = await mapBounded(names.sort(), breadth, async (inner) => {
    const stats = await statsOf(path.join(directory, inner));
    return stats.isFile() ? { path: inner, stamp: stampFrom(stats) } : undefined;
  });
  return files.filter((file) => file !== undefined);
}

/** What is in a directory and belongs to the model, folders before what is in them. Links are not followed. */
async function* entriesOf(directory: string): AsyncGenerator<{ path: string; entry: Dirent }> {
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const absolute = path.join(directory, folder);
    const entries = await readdir(absolute, { withFileTypes: true }).catch((error: unknown) => {
      throw unnamed(absolute, error) ?? systemError(error, absolute);
    });
    for (const entry of entries) {
      if (!isPartOfModel(entry.name)) continue;
      const inner = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) waiting.push(inner);
      if (inner.split('/').length > deepestFolder) {
        throw new TrailError('refused', l10n.t('{0} has too many folders in one another.', directory));
      }
      yield { path: inner, entry };
    }
  }
}

async function statsOf(file: string): Promise<BigIntStats> {
  try {
    return await stat(file, { bigint: true });
  } catch (error) {
    const problem = systemError(error, file);
    if (problem.code !== 'notFound') throw problem;
    const broken = l10n.t('{0} is a broken link, or was removed just now.', file);
    throw unnamed(file, error) ?? new TrailError('refused', broken, { cause: error });
  }
}

/** Why something that was listed is not there by its name, if that tells. */
function unnamed(place: string, cause: unknown): TrailError | undefined {
  if (!path.basename(place).includes(notUtf8) || systemCode(cause) !== 'ENOENT') return undefined;
  const message = l10n.t('The name of {0} is not UTF-8, so it cannot be opened here. Rename it.', place);
  return new TrailError('refused', message, { cause });
}

/** Tells, like that of a file, whether the files are those that were seen before: the stamps of all are in it. */
export function directoryStamp(files: readonly DirectoryFile[]): FileStamp {
  const hash = createHash('sha256');
  const ctimes = createHash('sha256');
  let size = 0;
  let newest = 0n;
  for (const { path: inner, stamp } of files) {
    hash.update(`${inner}\n${stamp.size} ${stamp.mtimeNs} ${stamp.ino}\n`);
    ctimes.update(`${stamp.ctimeNs}\n`);
    size += stamp.size;
    const mtime = BigInt(stamp.mtimeNs);
    if (mtime > newest) newest = mtime;
  }
  return {
    size,
    mtimeNs: String(newest),
    ino: `directory ${hash.digest('hex')}`,
    ctimeNs: ctimes.digest('hex'),
  };
}

/** The identity of a directory. */
export function listingId(files: readonly ListedFile[]): ContentId {
  return createHash('sha256').update(formatListing(files)).digest('hex');
}
