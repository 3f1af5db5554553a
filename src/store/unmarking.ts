import { type Operation, throwIfCancelled } from '../core/operation.ts';
import { CopyReader } from './copyReader.ts';
import { removeMarks } from './damageMarks.ts';
import type { Pack, Packs } from './packs.ts';

/**
 * Takes the marks off packs in which nothing is damaged any more of what was found to be: somebody brought back the pack, or the disk was in
 * a mood. Until then what is recorded anew does not rely on them.
 */
export async function takeMarksOff(packs: Packs, operation: Pick<Operation, 'signal'>): Promise<void> {
  await packs.scan();
  for (const pack of packs.list()) {
    // Where that may not be removed, all stays as it is.
    if (pack.marked && (await isMended(packs, pack, operation)))
      await removeMarks(packs.folder, pack.id).catch(() => {});
  }
  await packs.scan();
}

async function isMended(packs: Packs, pack: Pack, operation: Pick<Operation, 'signal'>): Promise<boolean> {
  const reader = new CopyReader(packs);
  try {
    for (const block of packs.doubtfulIn(pack)) {
      throwIfCancelled(operation);
      const { base } = packs.table.at(block);
      if (!(await reader.read(block, base ? packs.find(base) : -1))) return false;
    }
    return true;
  } finally {
    await reader.close();
  }
}
