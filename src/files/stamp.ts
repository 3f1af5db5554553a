import type { BigIntStats } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import * as l10n from '@vscode/l10n';
import { systemCode, TrailError } from '../core/errors.ts';
import { type Operation, throwIfCancelled } from '../core/operation.ts';
import { systemError } from './systemError.ts';

/** Tells whether a file is the one that was seen before, without reading it. */
export interface FileStamp {
  /** In bytes. */
  readonly size: number;
  /** Nanoseconds since 1970, in decimal: more digits than a number holds. */
  readonly mtimeNs: string;
  readonly ino: string;
  /**
   * When bytes, names or mode changed last, by the clock of the disk: no program can set it, as archives and copies set mtime. Absent where
   * even so a change may not show: see `settled.ts`.
   */
  readonly ctimeNs?: string;
}

/**
 * The stamp of a regular file; symbolic links are followed.
 * @throws TrailError `notFound`, `refused` when it is something else than a file, `io`
 */
export async function stampOf(path: string): Promise<FileStamp> {
  let stats: BigIntStats;
  try {
    stats = await stat(path, { bigint: true });
  } catch (error) {
    if (await isBrokenLink(path, error)) {
      throw new TrailError(
        'refused',
        l10n.t(
          '{0} is a broken symbolic link: the file that it points to does not exist. Bring that back, or remove the link.',
          path,
        ),
      );
    }
    // Where one of its folders is a file now, there is no such model either.
    if (systemCode(error) === 'ENOTDIR')
      throw new TrailError('notFound', l10n.t('{0} does not exist.', path));
    throw systemError(error, path);
  }
  if (!stats.isFile()) throw new TrailError('refused', notAFile(path, stats));
  return stampFrom(stats);
}

export function stampFrom(stats: BigIntStats): FileStamp {
  return {
    size: Number(stats.size),
    mtimeNs: String(stats.mtimeNs),
    ino: String(stats.ino),
    ctimeNs: String(stats.ctimeNs),
  };
}

/** Whether a file is the same as a moment ago; it may have got another name or mode meanwhile, also from us. */
export function sameStamp(a: FileStamp, b: FileStamp): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.ino === b.ino;
}

/** Whether a file is the same as whenever it was read, as far as can be told without reading it. */
export function isUntouched(before: FileStamp, now: FileStamp): boolean {
  return sameStamp(before, now) && before.ctimeNs !== undefined && before.ctimeNs === now.ctimeNs;
}

async function isBrokenLink(path: string, error: unknown): Promise<boolean> {
  if (!['ENOENT', 'ENOTDIR', 'ELOOP'].includes(systemCode(error) ?? '')) return false;
  return lstat(path).then(
    (stats) => stats.isSymbolicLink(),
    () => false,
  );
}

function notAFile(path: string, stats: BigIntStats): string {
  if (stats.isDirectory()) return l10n.t('{0} is a directory, not a model file.', path);
  if (stats.isSocket()) return l10n.t('{0} is a socket, not a model file.', path);
  if (stats.isFIFO()) return l10n.t('{0} is a named pipe, not a model file.', path);
  return l10n.t('{0} is a device, not a model file.', path);
}

/**
 * Waits until nobody writes to a file any more: its stamp has not changed for `quietMs`.
 * @returns undefined when it still changes after `patienceMs`
 */
export async function waitUntilStill(
  path: string,
  operation: Operation,
  { quietMs = 500, patienceMs = 10_000 } = {},
): Promise<FileStamp | undefined> {
  const deadline = Date.now() + patienceMs;
  let stamp = await stampOf(path);
  for (;;) {
    const age = Date.now() - Number(BigInt(stamp.mtimeNs) / 1_000_000n);
    if (age >= quietMs) return stamp;
    operation.report({ label: l10n.t('Waiting until the file is complete'), done: stamp.size, total: 0 });
    // A time in the future (the clock of another machine) says nothing about the age.
    await pause(age > 0 ? quietMs - age : quietMs, operation);
    const now = await stampOf(path);
    if (sameStamp(stamp, now)) return now;
    if (Date.now() >= deadline) return undefined;
    stamp = now;
  }
}

async function pause(ms: number, operation: Operation): Promise<void> {
  try {
    await sleep(ms, undefined, { signal: operation.signal });
  } catch {
    throwIfCancelled(operation);
  }
}
