import { stat } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import type { Operation } from '../core/operation.ts';
import { LiveBlocks } from './liveBlocks.ts';
import type { StoreParts } from './maintenance.ts';
import { PackedPacks } from './packedPacks.ts';
import type { Pack } from './packs.ts';
import { Repacker } from './repacking.ts';
import { emptyQuarantine } from './quarantine.ts';
import {
  addFreed,
  type Freed,
  hourMs,
  nothingFreed,
  type RetireOptions,
  retireUnneeded,
} from './retiring.ts';

/** A pack of which less is needed is written again, if the rest is nowhere else. */
const leastAlive = 1 / 2;
/** The same, if the rest is elsewhere too, so that the pack can go at once. */
const leastAliveIfCopied = 9 / 10;
const smallBytes = 16 << 20;
const mostSmall = 16;

/** Removes packs that nobody needs, writes again those that are mostly unneeded or damaged, and joins small ones. */
export async function tidy(parts: StoreParts, options: RetireOptions, operation: Operation): Promise<Freed> {
  await parts.packs.scan();
  await dateAnew(parts);
  const packed = await PackedPacks.read(parts);
  const live = await LiveBlocks.find(parts.packs, parts.recipes, operation, packed.ids);
  let freed = await retireUnneeded(parts, live, live.packs, options, operation);

  const emptied = await emptyQuarantine(parts.directory, await parts.packs.now());
  const { again, waiting } = await packsToRewrite(parts, live, options);
  freed = addFreed(freed, { ...nothingFreed, freed: emptied, waiting });
  const total = again.reduce((sum, pack) => sum + live.keptBytes(pack), 0);
  const label = l10n.t('Tidying up the store');
  const repacker = new Repacker(parts, live, operation, total);
  const done: Pack[] = [];
  const commit = async (isPacked: boolean): Promise<void> => {
    const added = await repacker.commit();
    if (isPacked) await packed.add(added.map(({ id }) => id));
    const retired = await retireUnneeded(parts, live, done.splice(0), options, operation);
    // What moved to another pack is not free.
    const moved = added.reduce((sum, { size }) => sum + size, 0);
    freed = addFreed(freed, { ...retired, freed: retired.freed - moved });
  };
  let carried = 0;
  try {
    for (const isPacked of [true, false]) {
      for (const pack of again) {
        if (packed.ids.has(pack.id) !== isPacked) continue;
        for (let block = pack.first; block < pack.end; block++) {
          if (!live.isKept(block)) continue;
          await carryBest(parts, live, repacker, block);
          carried += parts.packs.table.at(block).stored;
          operation.report({ label, done: Math.min(carried, total), total });
          if (repacker.isFull) await commit(isPacked);
        }
        done.push(pack);
      }
      await commit(isPacked);
    }
  } finally {
    await repacker.close();
  }
  return { ...freed, freed: Math.max(0, freed.freed) };
}

/** Copies a block that is needed, the best copy of it that is whole. */
async function carryBest(
  { packs: { table } }: StoreParts,
  live: LiveBlocks,
  repacker: Repacker,
  block: number,
): Promise<void> {
  for (let copy = block; copy >= 0 && !(await repacker.carry(copy));) {
    const next = live.chooseAgain(table.hashAt(block));
    copy = next === copy ? -1 : next;
  }
}

/**
 * Packs whose time lies ahead, because the clock was set back or they were copied from a disk with another, would never be old enough:
 * their hour begins now.
 */
async function dateAnew({ packs }: StoreParts): Promise<void> {
  const now = await packs.now();
  const ahead: Pack[] = [];
  for (const pack of packs.list()) {
    const stats = await stat(pack.file).catch(() => undefined);
    if (stats && stats.mtimeMs > now + hourMs) ahead.push(pack);
  }
  await packs.touch(ahead);
}

async function packsToRewrite(
  { packs }: StoreParts,
  live: LiveBlocks,
  { graceMs }: RetireOptions,
): Promise<{ readonly again: readonly Pack[]; readonly waiting: number }> {
  const used = live.packs.filter((pack) => live.keptBytes(pack) > 0);
  const small = used.filter(({ size }) => size < smallBytes);
  const damaged = new Set(packs.damages.map(({ file }) => file));
  const now = await packs.now();
  const again: Pack[] = [];
  let waiting = 0;
  for (const pack of used) {
    const isSpareCopied = isSpareElsewhere(packs, live, pack);
    const { mtimeMs } = await stat(pack.file);
    const alive = live.keptBytes(pack) / (live.keptBytes(pack) + live.spareBytes(pack));
    const isLoose = alive < (isSpareCopied ? leastAliveIfCopied : leastAlive);
    const isSmall = small.length >= mostSmall && small.includes(pack);
    if (!isLoose && !isSmall && !damaged.has(pack.file)) continue;
    // What somebody may rely on could not be removed afterwards.
    if (isSpareCopied || now - mtimeMs >= graceMs) again.push(pack);
    else waiting += live.spareBytes(pack);
  }
  return { again, waiting };
}

/** Whether all that is in a pack and not needed there has a copy somewhere else. */
function isSpareElsewhere({ table }: StoreParts['packs'], live: LiveBlocks, pack: Pack): boolean {
  for (let block = pack.first; block < pack.end; block++) {
    const plain = live.isBase(block) && !table.baseOf(block);
    if (!live.isKept(block) && live.copyElsewhere(table.hashAt(block), pack, plain) < 0) return false;
  }
  return true;
}
