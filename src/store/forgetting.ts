import { open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../core/errors.ts';
import type { ContentId } from '../core/facts.ts';
import { renameOver, temporaryBeside } from '../files/durable.ts';
import { systemError } from '../files/systemError.ts';
import { type ContentFolder, forgottenSuffix } from './recipes.ts';
import { addFreed, type Freed, nothingFreed } from './retiring.ts';

/** Finds out which contents are claimed, as of the moment when it is called. */
export type Claims = () => Promise<(id: ContentId) => boolean>;

/** @throws TrailError `io` when what the store has of contents could not be moved aside: nothing is, then */
export async function requireMovable(
  folders: readonly ContentFolder[],
  ids: Iterable<ContentId>,
): Promise<void> {
  const places = new Set<string>();
  for (const id of ids) {
    for (const folder of folders)
      if ((await folder.sizeIfHere(id)) !== undefined) places.add(path.dirname(folder.fileOf(id)));
  }
  for (const place of places) {
    const probe = temporaryBeside(path.join(place, 'probe'));
    try {
      await (await open(probe, 'wx')).close();
      await rm(probe);
    } catch (error) {
      throw systemError(error, place);
    }
  }
}

/**
 * Moves aside what the store has of contents, and back what turns out to be wanted: who records one at the same moment looks, when the
 * fact is written, whether it is still there. They are removed with the garbage; until then a recording that was killed can be helped.
 * @param ask is called once, when all are moved aside
 * @returns those that are out of the way
 */
export async function forgetContents(
  folders: readonly ContentFolder[],
  ids: Iterable<ContentId>,
  ask: Claims,
): Promise<ContentId[]> {
  const moved = new Set<ContentId>();
  try {
    for (const id of ids) {
      for (const folder of folders) {
        const file = folder.fileOf(id);
        if (await renamed(file, file + forgottenSuffix)) moved.add(id);
      }
    }
    if (moved.size === 0) return [];
    const isWanted = await ask();
    const gone: ContentId[] = [];
    for (const id of moved) {
      if (isWanted(id)) await recoverContent(folders, id);
      else gone.push(id);
    }
    return gone;
  } catch (error) {
    // Nobody has said that they are not wanted.
    for (const id of moved) await recoverContent(folders, id);
    throw error;
  }
}

/** Moves back what was moved aside. @returns whether something was */
export async function recoverContent(folders: readonly ContentFolder[], id: ContentId): Promise<boolean> {
  let recovered = false;
  for (const folder of folders) {
    const file = folder.fileOf(id);
    if (await renamed(file + forgottenSuffix, file)) recovered = true;
  }
  return recovered;
}

/**
 * Removes for good what was moved aside, or moves it back.
 * @param whole the folder of whole files, which hold the bytes themselves
 */
export async function finishForgetting(recipes: string, whole: string, ask: Claims): Promise<Freed> {
  const lists = await movedAside(recipes);
  const wholeFiles = await movedAside(whole);
  let freed = nothingFreed;
  if (lists.length + wholeFiles.length === 0) return freed;
  const isWanted = await ask();
  for (const file of lists) await finish(file, isWanted);
  for (const file of wholeFiles) freed = addFreed(freed, await finish(file, isWanted));
  return freed;
}

/** What the files were called before. */
async function movedAside(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names
    .filter((name) => name.endsWith(forgottenSuffix))
    .map((name) => path.join(folder, name.slice(0, -forgottenSuffix.length)));
}

/** @returns what is gone */
async function finish(file: string, isWanted: (id: ContentId) => boolean): Promise<Freed> {
  const aside = file + forgottenSuffix;
  if (isWanted(path.basename(file))) {
    await renamed(aside, file);
    return nothingFreed;
  }
  try {
    const { size } = await stat(aside);
    await rm(aside);
    return { removed: 1, freed: size, waiting: 0 };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return nothingFreed;
    throw systemError(error, aside);
  }
}

async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await renameOver(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw systemError(error, from);
  }
}
