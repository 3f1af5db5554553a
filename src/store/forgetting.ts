import { open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../core/errors.ts';
import type { ContentId } from '../core/facts.ts';
import { renameOver, temporaryBeside } from '../files/durable.ts';
import { systemError } from '../files/systemError.ts';
import { type ContentFolder, forgottenSuffix } from './recipes.ts';

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

/** Removes for good what was moved aside, or moves it back. */
export async function finishForgetting(folders: readonly string[], ask: Claims): Promise<void> {
  const files: string[] = [];
  for (const folder of folders) {
    for (const name of await readdir(folder, { recursive: true }).catch(() => []))
      if (name.endsWith(forgottenSuffix))
        files.push(path.join(folder, name.slice(0, -forgottenSuffix.length)));
  }
  if (files.length === 0) return;
  const isWanted = await ask();
  for (const file of files) {
    if (isWanted(path.basename(file))) await renamed(file + forgottenSuffix, file);
    else await rm(file + forgottenSuffix, { force: true });
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
