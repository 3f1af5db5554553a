import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { diskTime } from './diskTime.ts';
import { isFromHere, isProcessAlive, processOfTemporary } from './durable.ts';

const hourMs = 3_600_000;

/** Removes what killed processes left in a folder. What is younger than an hour, by the clock of the disk, is left alone. */
export async function removeStaleTemps(directory: string): Promise<void> {
  let now: number | undefined;
  for (const name of await readdir(directory).catch(() => [])) {
    const pid = processOfTemporary(name);
    if (pid === undefined || (isFromHere(name) && isProcessAlive(pid))) continue;
    const file = path.join(directory, name);
    const stats = await stat(file).catch(() => undefined);
    // Where the folder cannot be written to, nothing can be removed either.
    now ??= await diskTime(directory).catch(() => 0);
    // A second name of a file has the file's mtime, but is as young as its ctime; that counts while its process may live elsewhere.
    const since = stats && (isFromHere(name) ? stats.mtimeMs : Math.max(stats.mtimeMs, stats.ctimeMs));
    if (since !== undefined && now - since > hourMs) await rm(file, { force: true }).catch(() => {});
  }
}
