import type { WorkingCopy } from '../../core/versions.ts';
import { type ClosableAccess, fileAccess } from '../../formats/randomAccess.ts';
import { Git } from '../../history/git.ts';
import {
  findLfsObject,
  type LfsPointer,
  lfsStorage,
  maxPointerBytes,
  parsePointer,
} from '../../history/lfs.ts';
import type { TrailContext } from '../context.ts';

// Where Git LFS left a pointer on disk, the object is meant, if it is on this machine.

/** Opens what a pointer stands for; undefined when it is not here. */
export type OpenObject = (pointer: LfsPointer) => Promise<ClosableAccess | undefined>;

export interface OpenFile {
  readonly access: ClosableAccess;
  /** Of one whose object was opened in its place. */
  readonly pointer?: LfsPointer;
}

/** @throws TrailError like `fileAccess` */
export async function openFileOrObject(file: string, openObject: OpenObject): Promise<OpenFile> {
  const access = await fileAccess(file);
  try {
    const isSmall = access.size < maxPointerBytes;
    const pointer = isSmall ? parsePointer(await access.read(0, access.size)) : undefined;
    const object = pointer && (await openObject(pointer));
    if (!object) return { access };
    await access.close();
    return { access: object, pointer };
  } catch (error) {
    await access.close();
    throw error;
  }
}

/** Looks for objects where a trail has contents. */
export function objectsOf({ git, kept }: TrailContext): OpenObject {
  return async (pointer) => {
    if (await kept.has(pointer.id)) return kept.access(pointer.id);
    return git && openLfsObject(git, pointer);
  };
}

/** Looks for objects in the repository that a folder is in, if it is in one. */
export function objectsAround(folder: string, gitBinary?: string): OpenObject {
  return async (pointer) => {
    // Without Git, or in a repository that it does not trust, the pointer is what there is.
    const git = await Git.find(folder, gitBinary).catch(() => undefined);
    return git && openLfsObject(git, pointer);
  };
}

async function openLfsObject(git: Git, pointer: LfsPointer): Promise<ClosableAccess | undefined> {
  const object = await findLfsObject(await lfsStorage(git), pointer);
  return object === undefined ? undefined : fileAccess(object);
}

const storages = new WeakMap<Git, Promise<string | undefined>>();

/** Where Git LFS has its objects. Rows are looked at often: Git is asked once. That it gave no answer must not hide them. */
export function storageOf(git: Git): Promise<string | undefined> {
  const asked = storages.get(git);
  if (asked) return asked;
  const asking = lfsStorage(git).catch(() => {
    storages.delete(git);
    return undefined;
  });
  storages.set(git, asking);
  return asking;
}

/** Where the objects of pointers are; undefined when one of them is nowhere on this machine. */
export async function placeOfObjects(
  { git, kept }: TrailContext,
  pointers: readonly LfsPointer[],
): Promise<WorkingCopy['object']> {
  let place: WorkingCopy['object'] = 'lfs';
  const storage = git && (await storageOf(git));
  for (const pointer of pointers) {
    if (storage !== undefined && (await findLfsObject(storage, pointer))) continue;
    if (!(await kept.has(pointer.id))) return undefined;
    place = 'store';
  }
  return place;
}
