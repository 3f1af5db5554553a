import { rm, stat } from 'node:fs/promises';
import { systemCode } from '../core/errors.ts';
import type { Operation } from '../core/operation.ts';
import { CopyReader } from './copyReader.ts';
import type { LiveBlocks } from './liveBlocks.ts';
import type { StoreParts } from './maintenance.ts';
import { pacer } from './pace.ts';
import type { Pack } from './packs.ts';
import { removePack } from './packRemoval.ts';
import { quarantine } from './quarantine.ts';

export const hourMs = 3_600_000;
/** Some file systems count the time in steps of this. */
const clockMs = 2_000;

export interface RetireOptions {
  /** How long a pack with blocks that are nowhere else is left alone after somebody touched it. */
  readonly graceMs: number;
}

/** Packs that are gone, and what they took, in bytes. */
export interface Freed {
  readonly removed: number;
  readonly freed: number;
  /** What will be free when nobody has relied on it for an hour, in bytes. */
  readonly waiting: number;
}

/** Removes those of some packs of which nothing is needed. */
export async function retireUnneeded(
  parts: StoreParts,
  live: LiveBlocks,
  among: Iterable<Pack>,
  options: RetireOptions,
  operation: Operation,
): Promise<Freed> {
  let [removed, freed, waiting] = [0, 0, 0];
  for (const pack of among) {
    if (live.keptBytes(pack) > 0) continue;
    const outcome = await retire(parts, live, pack, options, operation);
    if (outcome === 'waiting') waiting += live.spareBytes(pack);
    if (outcome === 'removed') freed += pack.size;
    if (outcome === 'removed' || outcome === 'quarantined') removed++;
  }
  return { removed, freed, waiting };
}

export const nothingFreed: Freed = { removed: 0, freed: 0, waiting: 0 };

export function addFreed(a: Freed, b: Freed): Freed {
  return { removed: a.removed + b.removed, freed: a.freed + b.freed, waiting: a.waiting + b.waiting };
}

type Retired =
  | 'removed'
  /** Out of the way, with what is damaged in it. */
  | 'quarantined'
  /** Somebody may rely on it: later, then. */
  | 'waiting'
  /** What it holds is not safe elsewhere. */
  | 'kept';

/** Why a pack is not needed. */
interface Grounds {
  /** Whether all its blocks are elsewhere too. */
  readonly isCovered: boolean;
  /** The packs that have them. */
  readonly relied: ReadonlySet<Pack>;
  /** The copies of those that contents need, each with the block that it is the difference from, or -1. */
  readonly needed: readonly (readonly [copy: number, base: number])[];
}

/** @returns undefined when the pack is needed: one of its blocks is, and is not elsewhere too */
function groundsToRemove({ packs }: StoreParts, live: LiveBlocks, pack: Pack): Grounds | undefined {
  const relied = new Set<Pack>();
  const needed: (readonly [copy: number, base: number])[] = [];
  let isCovered = true;
  for (let block = pack.first; block < pack.end; block++) {
    if (live.isKept(block)) return undefined;
    const hash = packs.table.hashAt(block);
    const plain = live.isBase(block) && !packs.table.baseOf(block);
    const kept = live.keptCopy(hash);
    const copy = kept >= 0 ? kept : live.copyElsewhere(hash, pack, plain);
    if (copy < 0) {
      if (live.isNamed(block)) return undefined;
      isCovered = false;
      continue;
    }
    const baseHash = packs.table.baseOf(copy);
    const base = baseHash ? live.copyElsewhere(baseHash, pack, true) : -1;
    if (baseHash && base < 0) return undefined;
    // Another block may need this one by itself.
    if (plain && baseHash && live.copyElsewhere(hash, pack, true) < 0) isCovered = false;
    relied.add(packs.packOf(copy));
    if (base >= 0) relied.add(packs.packOf(base));
    if (kept >= 0) needed.push([copy, base]);
  }
  return { isCovered, relied, needed };
}

/**
 * Removes a pack of which nothing is needed: no block, or none that is not elsewhere too. Those elsewhere are read back first. A pack
 * whose blocks are all elsewhere goes at once: whoever relies on it finds it gone, and finds them there.
 */
async function retire(
  parts: StoreParts,
  live: LiveBlocks,
  pack: Pack,
  { graceMs }: RetireOptions,
  operation: Operation,
): Promise<Retired> {
  const { packs } = parts;
  const seen = await mtimeOf(pack.file);
  if (seen === undefined) {
    packs.drop(pack);
    return 'removed';
  }
  const grounds = groundsToRemove(parts, live, pack);
  if (!grounds) return 'kept';
  const { isCovered, relied, needed } = grounds;
  // By the clock of the disk, as packs are dated.
  const now = await packs.now();
  const since = live.since + now - Date.now();
  const isOld = (mtimeMs: number): boolean => mtimeMs < Math.min(now - graceMs, since - clockMs);
  const isFree = (mtimeMs: number): boolean => (isCovered ? mtimeMs <= seen : isOld(mtimeMs));
  if (!isFree(seen)) return 'waiting';
  if (!(await areReadable(packs, live, needed, operation))) return 'kept';
  if (!(await packs.touch(relied))) return 'waiting';
  const isStillFree = async (mtimeMs: number): Promise<boolean> =>
    isFree(mtimeMs) && (await areThere(relied));
  const isDamaged = packs.damages.some(({ file }) => file === pack.file);
  const removed = await removePack(packs, pack, isStillFree, (file) =>
    isDamaged ? quarantine(parts.directory, pack.id, file) : rm(file, { force: true }),
  );
  if (!removed) return 'waiting';
  return isDamaged ? 'quarantined' : 'removed';
}

async function areThere(packs: Iterable<Pack>): Promise<boolean> {
  for (const { file } of packs) if ((await mtimeOf(file)) === undefined) return false;
  return true;
}

async function areReadable(
  packs: StoreParts['packs'],
  live: LiveBlocks,
  copies: Iterable<readonly [copy: number, base: number]>,
  operation: Operation,
): Promise<boolean> {
  const reader = new CopyReader(packs);
  const pace = pacer(operation);
  try {
    for (const [copy, base] of copies) {
      if (!(await reader.read(copy, base))) {
        live.chooseAgain(packs.table.hashAt(copy));
        return false;
      }
      await pace();
    }
    return true;
  } finally {
    await reader.close();
  }
}

async function mtimeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).mtimeMs;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
