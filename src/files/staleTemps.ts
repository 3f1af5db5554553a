import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { isProcessAlive, processOfTemporary } from './durable.ts';

/** Removes what killed processes left in a folder. What is younger than an hour is left alone. */
export async function removeStaleTemps(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names) {
    const pid = processOfTemporary(name);
    if (pid === undefined || isProcessAlive(pid)) continue;
    const file = path.join(directory, name);
    const stats = await stat(file).catch(() => undefined);
    if (stats && Date.now() - stats.mtimeMs > 3_600_000) await rm(file, { force: true }).catch(() => {});
  }
}
