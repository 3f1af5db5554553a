import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { systemCode } from '../core/errors.ts';
import { isProcessAlive, makeDirectory, temporaryBeside, tryLink } from './durable.ts';
import { systemError } from './systemError.ts';

const touchMs = 2_000;
const staleMs = 10_000;

/**
 * Takes a lock file if nobody holds it; for work that is skipped rather than waited for. A lock whose process is gone, or that
 * was not touched for 10 s, does not count.
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
  const content = `${process.pid} ${hostname()} ${randomBytes(8).toString('hex')}\n`;
  const handle = await open(file, 'wx').catch((error: unknown) => {
    if (systemCode(error) === 'EEXIST') return undefined;
    throw error;
  });
  if (!handle) return undefined;
  await handle.writeFile(content);
  const touch = setInterval(() => {
    const now = new Date();
    handle.utimes(now, now).catch(() => {});
  }, touchMs);
  touch.unref();
  return async () => {
    clearInterval(touch);
    await handle.close();
    if ((await readFile(file, 'utf8').catch(() => '')) === content) await rm(file, { force: true });
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
  if (!isStale) await tryLink(aside, file);
  await rm(aside, { force: true });
  return isStale;
}

/** What a lock file that does not count holds. */
async function readStale(file: string): Promise<string | undefined> {
  const [stats, content] = await Promise.all([
    stat(file).catch(() => undefined),
    readFile(file, 'utf8').catch(() => undefined),
  ]);
  if (!stats || content === undefined) return undefined;
  const [pid, host] = content.split(/\s/);
  const gone = host === hostname() && !isProcessAlive(Number(pid));
  return gone || Date.now() - stats.mtimeMs > staleMs ? content : undefined;
}
