import { lstat, readFile, realpath, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import { directoryFiles, directoryStamp } from './directory.ts';
import { diskTime } from './diskTime.ts';
import {
  isProcessAlive,
  makeDirectory,
  processOfTemporary,
  renameOver,
  syncDirectory,
  temporaryBeside,
} from './durable.ts';
import { hasRest, moveRest, moveRestBack, requireNoRest } from './restOfDirectory.ts';
import { writeDurably } from './safeWrite.ts';
import { type FileStamp, sameStamp, stampOf } from './stamp.ts';
import { systemError } from './systemError.ts';

// A directory is replaced by another in two renames. Both lie in a hidden folder beside while they are not in place:
//   new   what is to come; complete and on the disk before anything else happens
//   name  what the place is called, and on which machine the process runs
//   old   what was there; called `gone` when all of it may be deleted

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export interface WantedSwap {
  /** What must be there when it is replaced; `missing` also stands for a directory without files. */
  readonly expected: FileStamp | 'missing';
  /** What a message calls the place. */
  readonly model: string;
}

/**
 * Puts what `build` makes in place of a directory or a file, or removes that when nothing is to come. What is in the old directory
 * and is no part of the model stays.
 * @param build makes a directory, a file or a link of the name that it is given, with its bytes on the disk
 * @throws TrailError `refused` when the place is no longer as expected; `io`; what `build` throws. In each case it is as it was.
 */
export async function swap(
  target: string,
  { expected, model }: WantedSwap,
  build: ((fresh: string) => Promise<void>) | undefined,
): Promise<void> {
  const changed = (): TrailError =>
    new TrailError(
      'refused',
      l10n.t('{0} was changed by another program meanwhile. Nothing was replaced; try again.', model),
    );
  if (!same(await stampOfAny(target), expected)) throw changed();
  // A link is moved aside itself; what it leads to stays where it is.
  const linked = (await isOf(target, 'link')) ? await realpath(target) : undefined;
  const work = temporaryBeside(target);
  const [old, fresh] = [path.join(work, 'old'), path.join(work, 'new')];
  let hasOld = false;
  try {
    await makeDirectory(work);
    const name = JSON.stringify({ name: path.basename(target), host: hostname() });
    await writeDurably(path.join(work, 'name'), name);
    await build?.(fresh);
    await syncDirectory(work);
    if (await isOf(target, 'directory')) {
      if (build && !(await isOf(fresh, 'directory'))) await requireNoRest(target);
      // What stays needs a place, too, when nothing else is to come.
      else if (!build && (await hasRest(target))) await makeDirectory(fresh);
    }
    hasOld = await renamed(target, old);
    let isNew = false;
    const moved: string[] = [];
    try {
      // Whoever still wrote into it until now shows here.
      if (!same(hasOld ? await stampOfAny(linked ?? old) : 'missing', expected)) throw changed();
      isNew = await renamed(fresh, target);
      await moveRest(old, target, moved);
      await syncDirectory(path.dirname(target));
    } catch (error) {
      await moveRestBack(old, target, moved);
      if (isNew) await renameOver(target, fresh);
      if (hasOld) await renameOver(old, target);
      hasOld = false;
      throw error;
    }
  } catch (error) {
    if (!hasOld) await rm(work, { recursive: true, force: true }).catch(() => {});
    throw systemError(error, target);
  }
  // From here on it is done. What cannot be removed now is removed by the next process that sees it.
  await removeOld(work).catch(() => {});
}

/**
 * Finishes or takes back what a process left that died in the middle.
 * @param isKept whether what lies at a path can be had again, so that it may be deleted
 * @returns `busy` when the process may live still, `left` when something is there that nobody has kept
 */
export async function recoverSwap(
  work: string,
  isKept: (old: string) => Promise<boolean>,
): Promise<'recovered' | 'busy' | 'left'> {
  const { name, host } = await readName(work);
  const old = path.join(work, 'old');
  const hasOld = await exists(old);
  const isAlive = isProcessAlive(processOfTemporary(path.basename(work)) ?? 0);
  // Between the renames it takes no minute: then another process has the number of one that died, as after a container was started anew.
  if (isAlive && !(hasOld && (await ageOf(work)) > minuteMs)) return 'busy';
  if (host !== hostname() && (await ageOf(work)) < hourMs) return 'busy';
  if (!hasOld) {
    await rm(work, { recursive: true, force: true });
    return 'recovered';
  }
  if (name === undefined) return 'left';
  const target = path.join(path.dirname(work), name);
  if (!(await exists(target))) {
    await renamed(old, target);
    await rm(work, { recursive: true, force: true });
    await syncDirectory(path.dirname(work));
    return 'recovered';
  }
  if (!(await isKept(old))) return 'left';
  await moveRest(old, target);
  await removeOld(work);
  return 'recovered';
}

/** By the clock of the disk, which machines may share. */
async function ageOf(work: string): Promise<number> {
  const stats = await stat(work).catch(() => undefined);
  return stats ? (await diskTime(path.dirname(work))) - stats.mtimeMs : 0;
}

/** What is left in the old directory has been kept. */
async function removeOld(work: string): Promise<void> {
  const [old, gone] = [path.join(work, 'old'), path.join(work, 'gone')];
  // Half deleted, it could not be told any more whether it was kept.
  if (await renamed(old, gone)) await syncDirectory(work);
  await rm(gone, { recursive: true, force: true });
  await rm(work, { recursive: true, force: true });
  await syncDirectory(path.dirname(work));
}

async function readName(work: string): Promise<{ name?: string; host?: string }> {
  try {
    const { name, host } = JSON.parse(await readFile(path.join(work, 'name'), 'utf8')) as Record<
      string,
      unknown
    >;
    if (typeof name === 'string' && typeof host === 'string' && path.basename(name) === name)
      return { name, host };
  } catch {
    // It died before it wrote that.
  }
  return {};
}

async function stampOfAny(place: string): Promise<FileStamp | 'missing'> {
  const stats = await stat(place).catch(() => undefined);
  if (stats?.isDirectory()) {
    const files = await directoryFiles(place);
    return files.length === 0 ? 'missing' : directoryStamp(files);
  }
  return stampOf(place).catch((error: unknown) => {
    if (TrailError.is(error, 'notFound')) return 'missing' as const;
    throw error;
  });
}

function same(a: FileStamp | 'missing', b: FileStamp | 'missing'): boolean {
  return a === 'missing' || b === 'missing' ? a === b : sameStamp(a, b);
}

async function renamed(from: string, to: string): Promise<boolean> {
  if (!(await exists(from))) return false;
  await renameOver(from, to);
  return true;
}

async function isOf(place: string, kind: 'file' | 'directory' | 'link'): Promise<boolean> {
  const stats = await lstat(place).catch(() => undefined);
  if (kind === 'file') return stats?.isFile() === true;
  return (kind === 'directory' ? stats?.isDirectory() : stats?.isSymbolicLink()) === true;
}

async function exists(file: string): Promise<boolean> {
  return (await lstat(file).catch(() => undefined)) !== undefined;
}
