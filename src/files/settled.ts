import { setTimeout as sleep } from 'node:timers/promises';
import type { FileStamp } from './stamp.ts';

// A disk counts time in steps: of two writes within one, the second may leave the stamp as it is. So what was read within a step of the
// last write is not known by its stamp later. Git does the same for files that are as young as its index.

/** Those whose times have fractions of a second; Windows counts in the longest, of 16 ms. */
const fineMs = 20;
/** Those whose times have none; FAT counts in the longest. */
const coarseMs = 2_000;

/** A stamp, given since when what was read has been that of the file; by one that is too young the file is not known again. */
export function lasting(stamp: FileStamp, sinceMs: number): FileStamp {
  return isSettled(stamp, sinceMs) ? stamp : { ...stamp, ctimeNs: undefined };
}

/**
 * Before what was just written gets the name that others write to: until a write of theirs would show.
 * @returns when that is
 */
export async function untilSettled(stamp: FileStamp): Promise<number> {
  const age = Date.now() - ms(stamp.mtimeNs);
  // For a coarse disk nobody waits: there the file is read once more.
  if (isFine(stamp) && Math.abs(age) < fineMs) await sleep(fineMs + 2 - age);
  return Date.now();
}

/** A time in the future, of the clock of another machine or set by somebody, says nothing of the age: else such a file would be read for ever. */
function isSettled(stamp: FileStamp, atMs: number): boolean {
  const isOff = (ns: string | undefined, step: number): boolean => Math.abs(atMs - ms(ns)) >= step;
  if (isFine(stamp)) return isOff(stamp.mtimeNs, fineMs);
  // What was dated back within a step shows in neither.
  return isOff(stamp.mtimeNs, coarseMs) && isOff(stamp.ctimeNs, coarseMs);
}

/** ctime tells how the disk counts: mtime may have been set to a whole second. */
function isFine({ ctimeNs }: FileStamp): boolean {
  return BigInt(ctimeNs ?? 0) % 1_000_000_000n !== 0n;
}

function ms(ns = '0'): number {
  return Number(BigInt(ns) / 1_000_000n);
}
