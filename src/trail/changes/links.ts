import { readlink, realpath, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { TrailError } from '../../core/errors.ts';
import type { ContentId, ModelPath } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import { temporaryBeside } from '../../files/durable.ts';
import { hashFile } from '../../files/hash.ts';
import type { FileStamp } from '../../files/stamp.ts';
import { swap } from '../../files/swap.ts';
import type { TrailContext } from '../context.ts';
import { absolutePath, isReserved } from '../paths.ts';

// A model may be a symbolic link, as `best.pt` to the best of many. A rollback puts a file in its place: the other is a model of its own.

/** What a model points to, as it is written in the link; undefined when it is none. */
export async function linkOf(
  { root }: Pick<TrailContext, 'root'>,
  model: ModelPath,
): Promise<string | undefined> {
  return readlink(absolutePath(root, model)).catch(() => undefined);
}

interface WantedLink {
  readonly model: ModelPath;
  readonly link: string;
  /** The content that it must lead to. */
  readonly id: ContentId;
  /** What must be there when it is replaced. */
  readonly expected: FileStamp | 'missing';
}

/**
 * Puts a link in place of a file.
 * @returns false when it would lead to other bytes, or no link can be made here: then nothing was changed
 * @throws TrailError `refused` when the file is no longer as expected; `cancelled`; `io`
 */
export async function putLink(
  { root }: Pick<TrailContext, 'root'>,
  { model, link, id, expected }: WantedLink,
  operation: Operation,
): Promise<boolean> {
  const file = absolutePath(root, model);
  if (!(await leadsTo(file, link, id, operation))) return false;
  let isRefused = false;
  const swapping = swap(file, { expected, model }, async (fresh) => {
    await symlink(link, fresh, 'file').catch((error: unknown) => {
      isRefused = true;
      throw error;
    });
  });
  await swapping.catch((error: unknown) => {
    // On Windows not everybody may make one.
    if (!isRefused) throw error;
  });
  return !isRefused;
}

/**
 * Whether a link in the place of a file would lead to a content, by way of the system: what is on the way may be a link too. One into
 * Git's folder is none that a model ever was; the journal that says so may come from anybody.
 */
async function leadsTo(file: string, link: string, id: ContentId, operation: Operation): Promise<boolean> {
  const trial = temporaryBeside(file);
  try {
    await symlink(link, trial, 'file');
    const led = await realpath(trial);
    if (led.split(path.sep).some(isReserved)) return false;
    return (await hashFile(led, operation, path.basename(file))).id === id;
  } catch (error) {
    if (TrailError.is(error, 'cancelled')) throw error;
    return false;
  } finally {
    await rm(trial, { force: true });
  }
}
