import { lstat, readlink, realpath, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { TrailError } from '../../core/errors.ts';
import type { ContentId, ModelPath } from '../../core/facts.ts';
import type { ListedFile } from '../../core/listing.ts';
import type { Operation } from '../../core/operation.ts';
import { directoryFiles, listingId } from '../../files/directory.ts';
import { temporaryBeside } from '../../files/durable.ts';
import { hashFile } from '../../files/hash.ts';
import { hasRest } from '../../files/restOfDirectory.ts';
import type { FileStamp } from '../../files/stamp.ts';
import { swap } from '../../files/swap.ts';
import type { TrailContext } from '../context.ts';
import { absolutePath, isReserved } from '../paths.ts';

// A model may be a symbolic link, as `best.pt` to the best of many, or `best` to a folder. A rollback puts a file or a directory in its place:
// the other is a model of its own.

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
  /** The content that it must lead to, and whether that is a directory. */
  readonly id: ContentId;
  readonly isDirectory: boolean;
  /** What must be there when it is replaced. */
  readonly expected: FileStamp | 'missing';
}

/**
 * Puts a link in place of a file or a directory.
 * @returns false when it would lead to other bytes, a directory has more in it than the model, or no link can be made here: then nothing was changed
 * @throws TrailError `refused` when what is there is no longer as expected; `cancelled`; `io`
 */
export async function putLink(
  { root }: Pick<TrailContext, 'root'>,
  wanted: WantedLink,
  operation: Operation,
): Promise<boolean> {
  const { model, link, expected } = wanted;
  const file = absolutePath(root, model);
  const isFolder = (await lstat(file).catch(() => undefined))?.isDirectory() === true;
  if (isFolder && (await hasRest(file))) return false;
  if (!(await leadsThere(file, wanted, operation))) return false;
  let isRefused = false;
  const swapping = swap(file, { expected, model }, async (fresh) => {
    await symlink(link, fresh, kindOf(wanted)).catch((error: unknown) => {
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

/** Windows wants to know. */
const kindOf = ({ isDirectory }: WantedLink): 'dir' | 'file' => (isDirectory ? 'dir' : 'file');

/**
 * Whether a link in the place of a model would lead to a content, by way of the system: what is on the way may be a link too. One into
 * Git's folder is none that a model ever was; the journal that says so may come from anybody.
 */
async function leadsThere(file: string, wanted: WantedLink, operation: Operation): Promise<boolean> {
  const trial = temporaryBeside(file);
  try {
    await symlink(wanted.link, trial, kindOf(wanted));
    const led = await realpath(trial);
    if (led.split(path.sep).some(isReserved)) return false;
    return (await contentOf(led, wanted, operation)) === wanted.id;
  } catch (error) {
    if (TrailError.is(error, 'cancelled')) throw error;
    return false;
  } finally {
    await rm(trial, { force: true });
  }
}

async function contentOf(
  place: string,
  { model, isDirectory }: WantedLink,
  operation: Operation,
): Promise<ContentId> {
  if (!isDirectory) return (await hashFile(place, operation, model)).id;
  const files: ListedFile[] = [];
  for (const { path: inner } of await directoryFiles(place)) {
    const { id, size } = await hashFile(path.join(place, inner), operation, `${model}/${inner}`);
    files.push({ path: inner, size, id });
  }
  return listingId(files);
}
