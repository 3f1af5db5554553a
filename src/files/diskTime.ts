import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../core/errors.ts';
import { makeDirectory, temporaryBeside } from './durable.ts';

/**
 * The time by the clock of the disk that a folder is on, in milliseconds. That of a disk which machines share is the same for all of them,
 * and none of theirs. It takes a file that is made and removed.
 */
export async function diskTime(folder: string): Promise<number> {
  const probe = temporaryBeside(path.join(folder, 'clock'));
  const handle = await open(probe, 'wx').catch(async (error: unknown) => {
    if (systemCode(error) !== 'ENOENT') throw error;
    await makeDirectory(folder);
    return open(probe, 'wx');
  });
  try {
    return (await handle.stat()).mtimeMs;
  } finally {
    await handle.close();
    await rm(probe, { force: true });
  }
}
