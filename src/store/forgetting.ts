import { readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../core/errors.ts';
import type { ContentId } from '../core/facts.ts';
import { syncDirectory } from '../files/durable.ts';
import type { ContentFolder } from './recipes.ts';

const aside = '.forgotten';

/**
 * Removes what the store has of a content. Who records it at the same moment looks, when the fact is written, whether it is still
 * there; so it is moved aside before `isWanted` is asked, and moved back if need be.
 */
export async function forgetContent(
  folders: readonly ContentFolder[],
  id: ContentId,
  isWanted: () => Promise<boolean>,
): Promise<boolean> {
  const files = folders.map((folder) => folder.fileOf(id));
  const moved: string[] = [];
  for (const file of files) if (await renamed(file, file + aside)) moved.push(file);
  if (await isWanted()) {
    for (const file of moved) await renamed(file + aside, file);
    return false;
  }
  for (const file of moved) {
    await rm(file + aside, { force: true });
    await syncDirectory(path.dirname(file));
  }
  return moved.length > 0;
}

/** Finishes what a process that was killed was about to remove. */
export async function finishForgetting(
  folder: string,
  isWanted: (id: ContentId) => Promise<boolean>,
): Promise<void> {
  for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
    if (!name.endsWith(aside)) continue;
    const file = path.join(folder, name.slice(0, -aside.length));
    if (await isWanted(path.basename(file))) await renamed(file + aside, file);
    else await rm(file + aside, { force: true });
  }
}

async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}
