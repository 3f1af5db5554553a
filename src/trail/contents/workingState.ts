import type { ContentId, ModelPath } from '../../core/facts.ts';
import type { WorkingCopy } from '../../core/versions.ts';
import type { FileStamp } from '../../files/stamp.ts';
import type { LfsPointer } from '../../history/lfs.ts';
import type { TrailContext } from '../context.ts';
import { placeOfObjects } from './pointers.ts';

/** What is known of a working copy by its stamp alone. */
export function seen(stamp: FileStamp): { size: number; time: string } {
  return { size: stamp.size, time: new Date(Number(BigInt(stamp.mtimeNs) / 1_000_000n)).toISOString() };
}

/** A working copy that Git LFS left as a pointer, or a directory with some. */
export async function pointerState(
  context: TrailContext,
  pointers: readonly LfsPointer[],
): Promise<Pick<WorkingCopy, 'state' | 'object'>> {
  return { state: 'pointer', object: await placeOfObjects(context, pointers) };
}

/** A working copy whose content is known. */
export function compare(
  context: TrailContext,
  model: ModelPath,
  id: ContentId,
  stamp: FileStamp,
): WorkingCopy {
  const same = context.catalogue.versionsOf(model).some((version) => version.id === id);
  if (same) return { ...seen(stamp), state: 'same', version: id };
  return { ...seen(stamp), state: 'changed', movedFrom: context.catalogue.gone.movedUnseen(model, id) };
}

/** A working copy whose content is not known: a size that no version has needs no reading to be told from them all. */
export function guess(context: TrailContext, model: ModelPath, stamp: FileStamp): WorkingCopy {
  const isAlike = context.catalogue.versionsOf(model).some(({ size }) => size === stamp.size);
  if (isAlike) return { ...seen(stamp), state: 'unchecked' };
  const { catalogue, stamps } = context;
  const id = catalogue.gone.mayBeMoved(model) ? stamps.contentUnderAnyName(stamp) : undefined;
  return { ...seen(stamp), state: 'changed', movedFrom: id && catalogue.gone.movedUnseen(model, id) };
}
