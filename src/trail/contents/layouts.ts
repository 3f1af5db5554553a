import type { ContentId } from '../../core/facts.ts';
import { TrailError } from '../../core/errors.ts';
import { cutOff } from '../../formats/cutOff.ts';
import { blockStarts, type TensorLayout, tensorLayout } from '../../formats/layout.ts';
import { type ClosableAccess, fileAccess } from '../../formats/randomAccess.ts';
import type { ContentStore } from '../../store/store.ts';

// What a file says of itself is a hint, as where its tensors lie: one that does not tell is kept all the same.

/** Where blocks should begin in a file; undefined where no tensor is found. @throws TrailError `cancelled` */
export async function startsInFile(
  file: string,
  name: string,
  signal?: AbortSignal,
): Promise<readonly number[] | undefined> {
  return within(
    () => fileAccess(file),
    async (access) => {
      const layout = await tensorLayout(access, name, signal);
      return layout && blockStarts(layout, access.size);
    },
  );
}

/** Where the tensors of a kept content lie. @throws TrailError `cancelled` */
export function layoutOfContent(
  store: ContentStore,
  id: ContentId,
  name: string,
  signal?: AbortSignal,
): Promise<TensorLayout | undefined> {
  return within(
    () => store.access(id),
    (access) => tensorLayout(access, name, signal),
  );
}

/** Why a kept content must have been longer once, in one sentence. What cannot be read says nothing. */
export function cutOffContent(store: ContentStore, id: ContentId, name: string): Promise<string | undefined> {
  return within(
    () => store.access(id),
    (access) => cutOff(access, name),
  );
}

async function within<T>(
  open: () => Promise<ClosableAccess>,
  read: (access: ClosableAccess) => Promise<T | undefined>,
): Promise<T | undefined> {
  try {
    const access = await open();
    try {
      return await read(access);
    } finally {
      await access.close();
    }
  } catch (error) {
    if (TrailError.is(error, 'cancelled')) throw error;
    return undefined;
  }
}
