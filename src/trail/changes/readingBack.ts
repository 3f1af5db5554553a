import type { Operation } from '../../core/operation.ts';
import type { Version } from '../../core/versions.ts';
import { readableContentsIn } from '../contents/listings.ts';
import type { TrailContext } from '../context.ts';
import { keep, type KeptCopy } from './keeping.ts';

/**
 * Reads what the store has of a working copy and of nothing that comes in its place, and keeps it anew where it is damaged: the file may
 * be the last place where all of it is whole.
 * @throws TrailError `cancelled`; as keeping does
 */
export async function readBack(
  context: TrailContext,
  { model, id, files }: Pick<Version, 'model'> & Pick<KeptCopy, 'id' | 'files'>,
  next: Version | undefined,
  operation: Operation,
): Promise<void> {
  const { store } = context;
  const going = [id, ...(files?.map((file) => file.id) ?? [])];
  const coming = next ? await readableContentsIn(store, next) : [];
  if (!(await store.areReadable(going, coming, operation))) await keep(context, model, operation);
}

/**
 * Writes what comes while what goes is read back, which takes as long.
 * @param write awaits what it is given before it replaces anything; says how far it is until then
 */
export async function whileReadingBack(
  read: ((operation: Operation) => Promise<void>) | undefined,
  operation: Operation,
  write: (ready: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const over = new AbortController();
  let isWritten = false;
  const reading = read?.({
    signal: AbortSignal.any([operation.signal, over.signal]),
    report: (progress) => {
      if (isWritten) operation.report(progress);
    },
  });
  reading?.catch(() => {});
  try {
    await write(async () => {
      isWritten = true;
      await reading;
    });
  } finally {
    over.abort();
    await reading?.catch(() => {});
  }
}
