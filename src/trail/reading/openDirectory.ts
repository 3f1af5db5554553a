import path from 'node:path';
import type { ContentId, ModelPath } from '../../core/facts.ts';
import { formatListing, type ListedFile } from '../../core/listing.ts';
import type { Operation } from '../../core/operation.ts';
import type { Version } from '../../core/versions.ts';
import { type DirectoryFile, directoryFiles, directoryStamp } from '../../files/directory.ts';
import { hashFile } from '../../files/hash.ts';
import { type FileStamp, stampOf } from '../../files/stamp.ts';
import { unknownContent } from '../../formats/directory/folderList.ts';
import { bytesAccess, type ClosableAccess } from '../../formats/randomAccess.ts';
import type { TrailContext } from '../context.ts';
import { filesOf } from '../contents/directoryContents.ts';
import { isModelDirectory } from '../contents/directoryCopies.ts';
import { absolutePath } from '../paths.ts';
import { objectsOf, openFileOrObject, type OpenObject } from '../contents/pointers.ts';

const smallFileBytes = 2 ** 20;

/** The stamp of a working copy, be it a file or a directory. @throws TrailError like `stampOf` */
export async function stampOfModel(context: TrailContext, model: ModelPath): Promise<FileStamp> {
  const place = absolutePath(context.root, model);
  return (await isModelDirectory(context, model))
    ? directoryStamp(await directoryFiles(place))
    : stampOf(place);
}

/** A directory as the list of its files, with the files beside it. */
export interface OpenDirectory {
  readonly access: ClosableAccess;
  /** With `/` at its end. */
  readonly name: string;
  /** Of its files, in bytes. */
  readonly size: number;
  /** Absent for a working copy of which it is not known yet. */
  readonly id?: ContentId;
  readonly sibling: (inner: string) => Promise<ClosableAccess | undefined>;
}

/** @param openFile opens a file of it, given as a version */
export async function openDirectoryVersion(
  context: TrailContext,
  version: Version,
  openFile: (file: Version) => Promise<ClosableAccess>,
): Promise<OpenDirectory> {
  const files = new Map<string, Version>();
  for (const file of await filesOf(context, version)) {
    files.set(file.model.slice(version.model.length + 1), file);
  }
  const listed = [...files].map(([inner, { size, id }]) => ({ path: inner, size, id }));
  return {
    ...listOf(version.model, listed),
    id: version.id,
    sibling: async (inner) => {
      const file = files.get(path.posix.normalize(inner));
      return file && openFile(file);
    },
  };
}

/** The working copy of a directory. Its large files are not read for their SHA-256. */
export async function openDirectoryCopy(
  context: TrailContext,
  model: ModelPath,
  operation: Operation,
): Promise<OpenDirectory> {
  const { root, stamps } = context;
  const directory = absolutePath(root, model);
  const found = await directoryFiles(directory);
  // To tell what changed in small files costs next to nothing.
  for (const { path: inner, stamp } of found) {
    const file = `${model}/${inner}`;
    if (stamp.size > smallFileBytes || stamps.contentOf(file, stamp)) continue;
    const hashed = await hashFile(absolutePath(root, file), operation, file);
    stamps.remember(file, hashed.stamp, hashed.id);
  }
  const idOf = ({ path: inner, stamp }: DirectoryFile): ContentId | undefined =>
    stamps.contentOf(`${model}/${inner}`, stamp);
  return {
    ...openFiles(directory, found, objectsOf(context), idOf),
    id: stamps.contentOf(model, directoryStamp(found)),
  };
}

/** A directory that is in no trail. */
export async function openFolder(directory: string, openObject: OpenObject): Promise<OpenDirectory> {
  return openFiles(directory, await directoryFiles(directory), openObject);
}

function openFiles(
  directory: string,
  found: readonly DirectoryFile[],
  openObject: OpenObject,
  idOf?: (file: DirectoryFile) => ContentId | undefined,
): OpenDirectory {
  const names = new Set(found.map(({ path: inner }) => inner));
  const listed = found.map((file): ListedFile => {
    const { path: inner, stamp } = file;
    return { path: inner, size: stamp.size, id: idOf?.(file) ?? unknownContent };
  });
  return {
    ...listOf(path.basename(directory), listed),
    sibling: async (inner) => {
      const name = path.posix.normalize(inner);
      if (!names.has(name)) return undefined;
      return (await openFileOrObject(path.join(directory, name), openObject)).access;
    },
  };
}

function listOf(
  model: ModelPath,
  files: readonly ListedFile[],
): Pick<OpenDirectory, 'access' | 'name' | 'size'> {
  const access = { ...bytesAccess(Buffer.from(formatListing(files))), close: async () => {} };
  const size = files.reduce((sum, file) => sum + file.size, 0);
  return { access, name: `${path.posix.basename(model)}/`, size };
}
