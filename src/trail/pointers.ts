import { stat } from 'node:fs/promises';
import { type ClosableAccess, fileAccess } from '../formats/randomAccess.ts';
import { Git } from '../history/git.ts';
import { lfsObjectPath, type LfsPointer, maxPointerBytes, parsePointer } from '../history/lfs.ts';
import type { TrailContext } from './context.ts';

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
export function objectsOf({ git, store, earlierStore }: TrailContext): OpenObject {
  return async (pointer) => {
    for (const kept of [store, earlierStore])
      if (await kept?.has(pointer.id)) return kept?.access(pointer.id);
    return git && openLfsObject(git, pointer);
  };
}

/** Looks for objects in the repository that a folder is in, if it is in one. */
export function objectsAround(folder: string): OpenObject {
  return async (pointer) => {
    // Without Git, or in a repository that it does not trust, the pointer is what there is.
    const git = await Git.find(folder).catch(() => undefined);
    return git && openLfsObject(git, pointer);
  };
}

async function openLfsObject(git: Git, { id, size }: LfsPointer): Promise<ClosableAccess | undefined> {
  const object = await lfsObjectPath(git, id);
  const found = await stat(object).catch(() => undefined);
  return found?.isFile() && found.size === size ? fileAccess(object) : undefined;
}
