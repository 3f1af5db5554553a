import { posix } from 'node:path';
import { type ListedFile, mostListingBytes, parseListing } from '../../core/listing.ts';
import { type DirectoryKind, modelDirectory } from '../../core/modelDirectories.ts';
import type { RandomAccess } from '../randomAccess.ts';

// A directory that is one model is read as the list of its files, with the files beside it.

/** A file of which the SHA-256 is not known has this in the list. */
export const unknownContent = '0'.repeat(64);

/** The files of the list; undefined for what is no list. */
export async function readFolder(access: RandomAccess): Promise<readonly ListedFile[] | undefined> {
  if (access.size > mostListingBytes) return undefined;
  return parseListing(Buffer.from(await access.read(0, access.size)).toString('utf8'));
}

/** Of a folder whose files do not say more. */
export type FolderKind = DirectoryKind | 'directory';

export function kindOf(name: string, files: readonly ListedFile[]): FolderKind {
  const entries = new Set(files.map(({ path }) => path.split('/')[0] ?? path));
  return modelDirectory(posix.basename(name), entries)?.kind ?? 'directory';
}
