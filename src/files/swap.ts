import { lstat, mkdir, readdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import { isPartOfModel } from '../core/modelDirectories.ts';
import { directoryFiles, directoryStamp } from './directory.ts';
import {
  isProcessAlive,
  makeDirectory,
  processOfTemporary,
  renameOver,
  syncDirectory,
  temporaryBeside,
} from './durable.ts';
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
 * @param build makes a directory or a file of the name that it is given, with its bytes on the disk
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
  const linked = (await isLink(target)) ? await realpath(target) : undefined;
  const work = temporaryBeside(target);
  const [old, fresh] = [path.join(work, 'old'), path.join(work, 'new')];
  let hasOld = false;
  try {
    await makeDirectory(work);
    const name = JSON.stringify({ name: path.basename(target), host: hostname() });
    await writeDurably(path.join(work, 'name'), name);
    await build?.(fresh);
    await syncDirectory(work);
    hasOld = await renamed(target, old);
    try {
      // Whoever still wrote into it until now shows here.
      if (!same(hasOld ? await stampOfAny(linked ?? old) : 'missing', expected)) throw changed();
      if (build) await renameOver(fresh, target);
    } catch (error) {
      if (hasOld) await renameOver(old, target);
      hasOld = false;
      throw error;
    }
    await syncDirectory(path.dirname(target));
  } catch (error) {
    if (!hasOld) await rm(work, { recursive: true, force: true }).catch(() => {});
    throw systemError(error, target);
  }
  // From here on it is done. What cannot be cleared away now is cleared away by the next process that sees it.
  await clearAway(work, target).catch(() => {});
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
  const stats = await stat(work).catch(() => undefined);
  const age = stats ? Date.now() - stats.mtimeMs : 0;
  const old = path.join(work, 'old');
  const hasOld = await exists(old);
  const isAlive = isProcessAlive(processOfTemporary(path.basename(work)) ?? 0);
  // Between the renames it takes no minute: then another process has the number of one that died, as after a container was started anew.
  if (isAlive && !(hasOld && age > minuteMs)) return 'busy';
  if (host !== hostname() && age < hourMs) return 'busy';
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
  await clearAway(work, target);
  return 'recovered';
}

/** What is no part of the old model moves from its directory to the one in place; the rest goes. */
async function clearAway(work: string, target: string): Promise<void> {
  const [old, gone] = [path.join(work, 'old'), path.join(work, 'gone')];
  if ((await lstat(old).catch(() => undefined))?.isDirectory()) {
    const files = await directoryFiles(old);
    await moveRest(old, target, new Set(files.map(({ path: inner }) => inner)), '');
  }
  // Half deleted, it could not be told any more whether it was kept.
  if (await renamed(old, gone)) await syncDirectory(work);
  await rm(gone, { recursive: true, force: true });
  await rm(work, { recursive: true, force: true });
  await syncDirectory(path.dirname(work));
}

async function moveRest(
  old: string,
  target: string,
  files: ReadonlySet<string>,
  folder: string,
): Promise<void> {
  const entries = await readdir(path.join(old, folder), { withFileTypes: true });
  if (entries.length === 0 && folder !== '') await mkdir(path.join(target, folder), { recursive: true });
  for (const entry of entries) {
    const inner = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (files.has(inner)) continue;
    if (entry.isDirectory() && isPartOfModel(entry.name)) {
      await moveRest(old, target, files, inner);
    } else {
      if (await exists(path.join(target, inner)))
        throw inTheWay(path.join(old, inner), path.join(target, inner));
      await mkdir(path.join(target, folder), { recursive: true });
      await renameOver(path.join(old, inner), path.join(target, inner));
    }
  }
}

function inTheWay(from: string, to: string): TrailError {
  return new TrailError('refused', l10n.t('{0} could not be moved: {1} is there already.', from, to));
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

async function isLink(file: string): Promise<boolean> {
  return (await lstat(file).catch(() => undefined))?.isSymbolicLink() === true;
}

async function exists(file: string): Promise<boolean> {
  return (await lstat(file).catch(() => undefined)) !== undefined;
}
