import { rename, stat } from 'node:fs/promises';
import { syncDirectory } from '../files/durable.ts';
import { removeMarks } from './damageMarks.ts';
import { leavingFile, packFile } from './packNames.ts';
import type { Pack, Packs } from './packs.ts';

/**
 * Removes a pack. Who relies on one touches it first and looks whether it is still there afterwards; so it is moved aside before its
 * time is looked at, and moved back if need be.
 * @param mayGo asked before and after it is moved
 * @param removeFile given the pack's file when nobody can rely on it any more
 */
export async function removePack(
  packs: Packs,
  pack: Pack,
  mayGo: (mtimeMs: number) => Promise<boolean>,
  removeFile: (file: string) => Promise<void>,
): Promise<boolean> {
  const { folder } = packs;
  const aside = leavingFile(folder, pack.id);
  if (!(await mayGo((await stat(pack.file)).mtimeMs))) return false;
  await rename(pack.file, aside);
  if (!(await mayGo((await stat(aside)).mtimeMs))) {
    await rename(aside, pack.file);
    return false;
  }
  await removeFile(aside);
  await removeMarks(folder, pack.id);
  await syncDirectory(folder);
  packs.drop(pack);
  return true;
}

/** Puts back packs that somebody was about to remove when it was killed. Only for who holds the lock of removing. */
export async function putBackLeaving(packs: Packs): Promise<void> {
  await packs.scan();
  for (const pack of packs.list()) {
    if (pack.leaving) await rename(pack.file, packFile(packs.folder, pack.id));
  }
  await packs.scan();
}
