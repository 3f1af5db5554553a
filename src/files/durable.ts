import { createHash, randomBytes } from 'node:crypto';
import { chmod, type FileHandle, link, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemCode } from '../core/errors.ts';
import { here } from './here.ts';

/** The steps that a safe write is made of. They throw what the system says. */

const onWindows = process.platform === 'win32';
const mark = createHash('sha256').update(here).digest('hex').slice(0, 4);

/** A hidden name in the same folder that no other writer uses; it tells the process and its machine, so that a dead one's can be removed. */
export function temporaryBeside(file: string): string {
  // Some file systems allow a name no more than 255 bytes.
  const start = [...path.basename(file)].slice(0, 40).join('');
  const name = `.${start}.${process.pid}-${mark}${randomBytes(4).toString('hex')}.modeltrail-tmp`;
  return path.join(path.dirname(file), name);
}

/** The process that a name from `temporaryBeside` belongs to. */
export function processOfTemporary(name: string): number | undefined {
  const pid = /\.(\d+)-[0-9a-f]{12}\.modeltrail-tmp$/.exec(name)?.[1];
  return pid === undefined ? undefined : Number(pid);
}

/** Whether that process is, or was, one of this machine. */
export function isFromHere(name: string): boolean {
  return new RegExp(`-${mark}[0-9a-f]{8}\\.modeltrail-tmp$`).test(name);
}

export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

/**
 * A folder that is opened before something is created, renamed or removed in it: where it cannot be, nothing is changed. `sync` makes the
 * change last. Windows does so by itself and knows no such call.
 */
export async function openDirectory(
  directory: string,
): Promise<{ sync(): Promise<void>; close(): Promise<void> }> {
  if (onWindows) return { sync: async () => {}, close: async () => {} };
  const handle = await open(directory, 'r');
  const sync = async (): Promise<void> => {
    await handle.sync().catch((error: unknown) => {
      // Some network file systems have no such thing.
      if (!['EINVAL', 'ENOTSUP', 'EISDIR'].includes(systemCode(error) ?? '')) throw error;
    });
  };
  return { sync, close: () => handle.close() };
}

/** Makes what was changed in a folder last. */
export async function syncDirectory(directory: string): Promise<void> {
  const folder = await openDirectory(directory);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** `mkdir -p` that lasts. */
export async function makeDirectory(directory: string): Promise<void> {
  const first = await mkdir(directory, { recursive: true }).catch(async (error: unknown) => {
    // Node says so, too, of one that cannot be made because the disk is read-only.
    if (systemCode(error) === 'ENOENT') await makeTopmost(directory);
    throw error;
  });
  if (first === undefined) return;
  for (
    let made = path.resolve(directory);
    made.length >= path.resolve(first).length;
    made = path.dirname(made)
  ) {
    await syncDirectory(path.dirname(made));
  }
}

/** Makes the first folder on the way that is not there: what is in the way of that is the reason. */
async function makeTopmost(directory: string): Promise<void> {
  const parent = path.dirname(directory);
  const hasParent = await stat(parent).then(
    () => true,
    () => false,
  );
  if (hasParent || parent === directory) await mkdir(directory);
  else await makeTopmost(parent);
}

/** Renames over what is there. On Windows another program that holds the file (a virus scanner, a reader) is waited for. */
export async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await rename(from, to);
    } catch (error) {
      const held = ['EPERM', 'EACCES', 'EBUSY'].includes(systemCode(error) ?? '');
      if (!onWindows || !held || attempt === 12) throw error;
      // There a read-only file cannot be replaced either.
      if (attempt === 0) await chmod(to, 0o666).catch(() => {});
      await sleep(Math.min(10 * 2 ** attempt, 500));
    }
  }
}

/** A second name for a file, never over an existing one. Not every file system can do it. */
export async function tryLink(from: string, to: string): Promise<'linked' | 'exists' | 'unsupported'> {
  try {
    await link(from, to);
    return 'linked';
  } catch (error) {
    const code = systemCode(error) ?? '';
    if (code === 'EEXIST') return 'exists';
    if (['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES', 'EXDEV', 'EINVAL'].includes(code))
      return 'unsupported';
    throw error;
  }
}

/**
 * Rename overwrites and link does not. Without hard links an empty file takes the name first.
 * @returns false when somebody has the name; then, and after a link, the file has its old name still
 */
export async function moveToFreeName(from: string, to: string): Promise<boolean> {
  const linked = await tryLink(from, to);
  if (linked !== 'unsupported') return linked === 'linked';
  try {
    await (await open(to, 'wx')).close();
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
  await renameOver(from, to);
  return true;
}

/** Writes a file in `temporaries`, where half of one is in nobody's way, and gives it its name when its bytes are on the disk. */
export async function placeDurably(
  file: string,
  temporaries: string,
  write: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const temporary = temporaryBeside(path.join(temporaries, path.basename(file)));
  try {
    await writeNew(temporary, write);
    await makeDirectory(path.dirname(file));
    await renameOver(temporary, file);
    await syncDirectory(path.dirname(file));
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Opens a new file, lets it be written, and returns when its bytes are on the disk. */
export async function writeNew<T>(file: string, write: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(file, 'wx');
  try {
    const result = await write(handle);
    await handle.sync();
    return result;
  } finally {
    await handle.close();
  }
}
