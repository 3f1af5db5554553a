import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../core/errors.ts';
import type { ContentId } from '../core/facts.ts';
import { renameOver } from '../files/durable.ts';
import { type ContentFolder, forgottenSuffix } from './recipes.ts';

/**
 * Moves aside what the store has of a content, and back if it turns out to be wanted: who records it at the same moment looks, when the
 * fact is written, whether it is still there. It is removed with the garbage; until then a recording that was killed can be helped.
 * @returns whether it is out of the way
 */
export async function forgetContent(
  folders: readonly ContentFolder[],
  id: ContentId,
  isWanted: () => Promise<boolean>,
): Promise<boolean> {
  let moved = false;
  for (const folder of folders) {
    const file = folder.fileOf(id);
    if (await renamed(file, file + forgottenSuffix)) moved = true;
  }
  if (!moved) return false;
  if (!(await isWanted())) return true;
  await recoverContent(folders, id);
  return false;
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
export async function finishForgetting(
  folder: string,
  isWanted: (id: ContentId) => Promise<boolean>,
): Promise<void> {
  for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
    if (!name.endsWith(forgottenSuffix)) continue;
    const file = path.join(folder, name.slice(0, -forgottenSuffix.length));
    if (await isWanted(path.basename(file))) await renamed(file + forgottenSuffix, file);
    else await rm(file + forgottenSuffix, { force: true });
  }
}

async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await renameOver(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}
