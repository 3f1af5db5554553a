import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../core/errors.ts';
import { diskTime } from './diskTime.ts';
import { isProcessAlive, makeDirectory, moveToFreeName, temporaryBeside } from './durable.ts';
import { here } from './here.ts';
import { systemError } from './systemError.ts';

const touchMs = 2_000;
const staleMs = 10_000;

/**
 * Takes a lock file if nobody holds it; for work that is skipped rather than waited for. A lock whose process is gone, or that
 * was not touched for 10 s, does not count. It works on disks that machines share, whose clocks may differ: the disk's counts.
 * @returns what releases it, or undefined when it is held
 * @throws TrailError `io`
 */
export async function tryLock(file: string): Promise<(() => Promise<void>) | undefined> {
  try {
    await makeDirectory(path.dirname(file));
    return (await take(file)) ?? ((await removeStale(file)) ? await take(file) : undefined);
  } catch (error) {
    throw systemError(error, file);
  }
}

async function take(file: string): Promise<(() => Promise<void>) | undefined> {
  // The token tells our lock from that of somebody who found ours stale.
  const content = Buffer.from(`${process.pid} ${here} ${randomBytes(8).toString('hex')}\n`);
  const handle = await open(file, 'wx').catch((error: unknown) => {
    if (systemCode(error) === 'EEXIST') return undefined;
    throw error;
  });
  if (!handle) return undefined;
  // Written rather than told the time, so that the disk dates it.
  const write = async (): Promise<void> => {
    await handle.write(content, 0, content.length, 0);
    await handle.datasync();
  };
  try {
    await write();
  } catch (error) {
    await handle.close();
    await rm(file, { force: true });
    throw error;
  }
  const touch = setInterval(() => void write().catch(() => {}), touchMs);
  touch.unref();
  return async () => {
    clearInterval(touch);
    await handle.close();
    const found = await readFile(file).catch(() => Buffer.of());
    if (found.equals(content)) await rm(file, { force: true });
  };
}

async function removeStale(file: string): Promise<boolean> {
  const content = await readStale(file);
  if (content === undefined) return false;
  // Somebody else may have removed it and taken the lock since: look at what was moved before it is deleted.
  const aside = temporaryBeside(file);
  try {
    await rename(file, aside);
  } catch {
    return false;
  }
  const isStale = (await readFile(aside, 'utf8')) === content;
  if (!isStale) await moveToFreeName(aside, file);
  await rm(aside, { force: true });
  return isStale;
}

/** What a lock file that does not count holds. */
async function readStale(file: string): Promise<string | undefined> {
  // Opened first: over a network that is when it is looked at anew.
  const handle = await open(file, 'r').catch(() => undefined);
  if (!handle) return undefined;
  try {
    const content = await handle.readFile('utf8');
    const { mtimeMs } = await handle.stat();
    const [pid, place] = content.split(/\s/);
    const gone = place === here && !isProcessAlive(Number(pid));
    // One from the future would never be too old: the clock of the disk was set back.
    const age = Math.abs((await diskTime(path.dirname(file))) - mtimeMs);
    return gone || age > staleMs ? content : undefined;
  } finally {
    await handle.close();
  }
}
