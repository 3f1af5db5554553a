import { rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../core/errors.ts';
import type { Operation } from '../core/operation.ts';
import { makeDirectory } from '../files/durable.ts';
import { CopyReader } from './copyReader.ts';
import type { LiveBlocks } from './liveBlocks.ts';
import type { StoreParts } from './maintenance.ts';
import { pacer } from './pace.ts';
import type { Pack } from './packs.ts';

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
    if (outcome !== 'removed') continue;
    removed++;
    freed += pack.size;
  }
  return { removed, freed, waiting };
}

export const nothingFreed: Freed = { removed: 0, freed: 0, waiting: 0 };

export function addFreed(a: Freed, b: Freed): Freed {
  return { removed: a.removed + b.removed, freed: a.freed + b.freed, waiting: a.waiting + b.waiting };
}

type Retired =
  | 'removed'
  /** Somebody may rely on it: later, then. */
  | 'waiting'
  /** What it holds is not safe elsewhere. */
  | 'kept';

/**
 * Removes a pack of which nothing is needed: no block, or none that is not elsewhere too. Those elsewhere are read back first. A pack
 * whose blocks are all elsewhere goes at once: whoever relies on it finds it gone, and finds them there.
 */
async function retire(
  { directory, packs }: StoreParts,
  live: LiveBlocks,
  pack: Pack,
  { graceMs }: RetireOptions,
  operation: Operation,
): Promise<Retired> {
  const seen = await mtimeOf(pack.file);
  if (seen === undefined) {
    packs.forget(pack);
    return 'removed';
  }
  const relied = new Map<string, Pack>();
  const rely = (block: number): void => {
    const other = packs.packOf(block);
    relied.set(other.id, other);
  };
  const needed: (readonly [copy: number, base: number])[] = [];
  let covered = true;
  for (let block = pack.first; block < pack.end; block++) {
    if (live.isKept(block)) return 'kept';
    const hash = packs.table.hashAt(block);
    const plain = live.isBase(block) && !packs.table.baseOf(block);
    const kept = live.keptCopy(hash);
    const copy = kept >= 0 ? kept : live.copyElsewhere(hash, pack, plain);
    if (copy < 0) {
      if (live.isNamed(block)) return 'kept';
      covered = false;
      continue;
    }
    const baseHash = packs.table.baseOf(copy);
    const base = baseHash ? live.copyElsewhere(baseHash, pack, true) : -1;
    if (baseHash && base < 0) return 'kept';
    // Another block may need this one by itself.
    if (plain && baseHash && live.copyElsewhere(hash, pack, true) < 0) covered = false;
    rely(copy);
    if (base >= 0) rely(base);
    if (kept >= 0) needed.push([copy, base]);
  }
  // By the clock of the disk, as packs are dated.
  const now = await packs.now();
  const since = live.since + now - Date.now();
  const isOld = (mtimeMs: number): boolean => mtimeMs < Math.min(now - graceMs, since - clockMs);
  const isFree = (mtimeMs: number): boolean => (covered ? mtimeMs <= seen : isOld(mtimeMs));
  if (!isFree(seen)) return 'waiting';
  if (!(await areReadable(packs, needed, operation))) return 'kept';
  if (!(await packs.touch(relied.values()))) return 'waiting';
  const areThere = async (): Promise<boolean> => {
    for (const { file } of relied.values()) if ((await mtimeOf(file)) === undefined) return false;
    return true;
  };
  const isDamaged = packs.damages.some(({ file }) => file === pack.file);
  const removed = await packs.remove(
    pack,
    async (mtimeMs) => isFree(mtimeMs) && (await areThere()),
    async (file) => {
      if (!isDamaged) return rm(file, { force: true });
      const quarantine = path.join(directory, 'quarantine');
      await makeDirectory(quarantine);
      await rename(file, path.join(quarantine, `${pack.id}.pack`));
    },
  );
  return removed ? 'removed' : 'waiting';
}

async function areReadable(
  packs: StoreParts['packs'],
  copies: Iterable<readonly [copy: number, base: number]>,
  operation: Operation,
): Promise<boolean> {
  const reader = new CopyReader(packs);
  const pace = pacer(operation);
  try {
    for (const [copy, base] of copies) {
      if (!(await reader.read(copy, base))) return false;
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
