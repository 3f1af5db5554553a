import { readFile } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { messageOf, TrailError } from '../../core/errors.ts';
import type { ModelPath } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import type { WorkingCopy } from '../../core/versions.ts';
import { hashFile } from '../../files/hash.ts';
import { isSpelledSo } from '../../files/spelling.ts';
import { type FileStamp, stampOf } from '../../files/stamp.ts';
import { maxPointerBytes, parsePointer } from '../../history/lfs.ts';
import type { TrailContext } from '../context.ts';
import { hashDirectory, lookAtDirectory } from '../contents/directoryCopies.ts';
import { absolutePath } from '../paths.ts';
import { compare, guess, pointerState, seen } from '../contents/workingState.ts';

/**
 * What can be said of a working copy without reading it, unless it is small enough to be a pointer. Where the disk ignores case, the file
 * of a model that was renamed in case alone is that of another: this one has none.
 */
export async function lookAt(context: TrailContext, model: ModelPath): Promise<WorkingCopy> {
  const working = await lookAtPath(context, model);
  if (working.state === 'missing' || context.catalogue.isFound(model)) return working;
  return (await isSpelledSo(context.root, model)) ? working : { state: 'missing' };
}

/** The same of whatever is found by the path of a model, and would be replaced there. */
export async function lookAtPath(context: TrailContext, model: ModelPath): Promise<WorkingCopy> {
  const path = absolutePath(context.root, model);
  let stamp: FileStamp;
  try {
    stamp = await stampOf(path);
  } catch (error) {
    if (TrailError.is(error, 'notFound')) return { state: 'missing' };
    const directory = await lookAtDirectory(context, model);
    return directory ?? { state: 'unreadable', problem: messageOf(error) };
  }
  if (stamp.size < maxPointerBytes) {
    const bytes = await readFile(path).catch(() => undefined);
    if (!bytes)
      return {
        ...seen(stamp),
        state: 'unreadable',
        problem: l10n.t('{0} cannot be read: you have no permission.', model),
      };
    const pointer = parsePointer(bytes);
    if (pointer) return { ...seen(stamp), ...(await pointerState(context, [pointer])), version: pointer.id };
  }
  const known = context.stamps.contentOf(model, stamp);
  if (known) return compare(context, model, known, stamp);
  return guess(context, model, stamp);
}

/** The same, reading and hashing the file if that is what it takes. */
export async function check(
  context: TrailContext,
  model: ModelPath,
  operation: Operation,
): Promise<WorkingCopy> {
  const working = await lookAt(context, model);
  if (working.state !== 'unchecked') return working;
  if (working.files !== undefined) {
    const { id, stamp, files } = await hashDirectory(context, model, operation);
    return { ...compare(context, model, id, stamp), files: files.length };
  }
  const { id, stamp } = await hashFile(absolutePath(context.root, model), operation, model);
  context.stamps.remember(model, stamp, id);
  return compare(context, model, id, stamp);
}
