import { existsSync } from 'node:fs';
import { TrailError } from '../../core/errors.ts';
import type { Version, WorkingCopy } from '../../core/versions.ts';
import { mapBounded } from '../../files/mapBounded.ts';
import { findLfsObject } from '../../history/lfs.ts';
import { storageOf } from '../contents/pointers.ts';
import type { TrailContext } from '../context.ts';
import { absolutePath } from '../paths.ts';
import { nearestWith } from '../root.ts';
import { lookAt } from './workingCopies.ts';

/** As many as keep a disk busy. */
const atOnce = 32;

/**
 * The same versions of one model, each with whether its bytes are nowhere on this machine. This is for rows: none of the bytes are read, and Git is not
 * asked about each. Where only that would tell, it is left open.
 */
export async function withPresence(
  context: TrailContext,
  versions: readonly Version[],
): Promise<readonly Version[]> {
  const { git, catalogue, root } = context;
  const mayBeInGit = git ? !catalogue.isHistoryRead : nearestWith(root, '.git') !== undefined;
  if (mayBeInGit) return versions;
  const storage = git && (await storageOf(git));
  let looking: Promise<WorkingCopy> | undefined;
  return mapBounded(versions, atOnce, async (version) => {
    if (await isKeptHere(context, version, storage)) return { ...version, absent: false };
    const working = await (looking ??= lookAt(context, version.model));
    return { ...version, absent: isNoCopy(context, version, working) };
  });
}

/** In the store, in Git or in Git LFS. Of a directory, its list is what is looked for. */
async function isKeptHere(
  { kept }: TrailContext,
  version: Version,
  lfsStorage: string | undefined,
): Promise<boolean> {
  if (version.sources.includes('git')) return true;
  const isInStore = await kept.has(version.id).catch((error: unknown) => {
    // What cannot be looked at is not said to be gone.
    if (!TrailError.is(error)) throw error;
    return true;
  });
  return isInStore || (lfsStorage !== undefined && (await findLfsObject(lfsStorage, version)) !== undefined);
}

/** Undefined where only reading tells: the file on disk, DVC's cache, and the files of a directory that are in Git LFS. */
function isNoCopy({ root }: TrailContext, version: Version, working: WorkingCopy): boolean | undefined {
  const { model, files, sources } = version;
  if (files !== undefined && sources.includes('lfs')) return undefined;
  if (existsSync(`${absolutePath(root, model)}.dvc`)) return undefined;
  if (working.state === 'unchecked' && working.size === version.size) return undefined;
  return working.state !== 'same' || working.version !== version.id;
}
