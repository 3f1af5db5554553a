import type { ContentId } from '../../core/facts.ts';
import { TrailError } from '../../core/errors.ts';
import { blockStarts, type TensorLayout, tensorLayout } from '../../formats/layout.ts';
import { type ClosableAccess, fileAccess } from '../../formats/randomAccess.ts';
import type { ContentStore } from '../../store/store.ts';

// Where tensors lie is a hint: a file that does not tell is kept all the same.

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
