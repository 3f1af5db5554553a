import { existsSync } from 'node:fs';
import { TrailError } from '../../core/errors.ts';
import type { ContentId } from '../../core/facts.ts';
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
/** From so many on, all that is in the store is listed sooner than each is looked for. */
const many = 1000;

/**
 * The same versions of one model, each with whether its bytes are nowhere on this machine. This is for rows: none of the bytes are read,
 * and Git is not asked about each. Where only that would tell, it is left open.
 */
export async function withPresence(
  context: TrailContext,
  versions: readonly Version[],
): Promise<readonly Version[]> {
  const { git, catalogue, root } = context;
  const mayBeInGit = git ? !catalogue.isHistoryRead : nearestWith(root, '.git') !== undefined;
  if (mayBeInGit) return versions;
  const isInStore = versions.length < many ? lookInStore(context) : await listStore(context);
  let looking: Promise<WorkingCopy> | undefined;
  return mapBounded(versions, atOnce, async (version) => {
    if (await isKeptHere(context, version, isInStore)) return { ...version, absent: false };
    const working = await (looking ??= lookAt(context, version.model));
    return { ...version, absent: isNoCopy(context, version, working) };
  });
}

type IsInStore = (id: ContentId) => boolean | Promise<boolean>;

function lookInStore({ kept }: TrailContext): IsInStore {
  return (id) => kept.has(id).catch(unlessUnreadable);
}

async function listStore({ store, otherStores }: TrailContext): Promise<IsInStore> {
  const ids = new Set<ContentId>();
  try {
    for (const one of [store, ...otherStores]) for await (const id of one.list()) ids.add(id);
  } catch (error) {
    const isKept = unlessUnreadable(error);
    return () => isKept;
  }
  return (id) => ids.has(id);
}

/** What cannot be looked at is not said to be gone. */
function unlessUnreadable(error: unknown): boolean {
  if (!TrailError.is(error)) throw error;
  return true;
}

/** In the store, in Git or in Git LFS. Of a directory, its list is what is looked for. */
async function isKeptHere({ git }: TrailContext, version: Version, isInStore: IsInStore): Promise<boolean> {
  if (version.sources.includes('git') || (await isInStore(version.id))) return true;
  const storage = git && (await storageOf(git));
  return storage !== undefined && (await findLfsObject(storage, version)) !== undefined;
}

/** Undefined where only reading tells: the file on disk, DVC's cache, and the files of a directory that are in Git LFS. */
function isNoCopy({ root }: TrailContext, version: Version, working: WorkingCopy): boolean | undefined {
  const { model, files, sources } = version;
  if (files !== undefined && sources.includes('lfs')) return undefined;
  if (existsSync(`${absolutePath(root, model)}.dvc`)) return undefined;
  if (working.state === 'unchecked' && working.size === version.size) return undefined;
  return working.state !== 'same' || working.version !== version.id;
}
