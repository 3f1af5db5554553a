import { rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { makeDirectory } from '../files/durable.ts';
import { namesIn } from '../files/namesIn.ts';

// Damaged packs of which nothing is needed: somebody may want to save what is damaged in them, for a while.

export const quarantineName = 'quarantine';
const keptMs = 30 * 24 * 3_600_000;

/** Moves a pack there. */
export async function quarantine(directory: string, id: string, file: string): Promise<void> {
  const folder = folderIn(directory);
  await makeDirectory(folder);
  await rename(file, path.join(folder, `${id}.pack`));
}

/** What all of them take. */
export async function quarantinedBytes(directory: string): Promise<number> {
  const packs = await quarantined(directory);
  return packs.reduce((sum, { size }) => sum + size, 0);
}

/** Removes those that have been there for a month. @param now in milliseconds, by the clock of the disk @returns bytes that are free now */
export async function emptyQuarantine(directory: string, now: number): Promise<number> {
  let freed = 0;
  for (const { file, size, since } of await quarantined(directory)) {
    if (now - since < keptMs) continue;
    await rm(file, { force: true });
    freed += size;
  }
  return freed;
}

interface Quarantined {
  readonly file: string;
  /** In bytes. */
  readonly size: number;
  /** In milliseconds. */
  readonly since: number;
}

/** The packs that are there. */
export async function quarantined(directory: string): Promise<readonly Quarantined[]> {
  const folder = folderIn(directory);
  const found = [];
  for (const name of await namesIn(folder)) {
    const file = path.join(folder, name);
    const stats = await stat(file).catch(() => undefined);
    // A new name changes the ctime.
    if (stats?.isFile()) found.push({ file, size: stats.size, since: stats.ctimeMs });
  }
  return found;
}

function folderIn(directory: string): string {
  return path.join(directory, quarantineName);
}
