import * as l10n from '@vscode/l10n';
import { ByteCursor } from './byteCursor.ts';
import type { RandomAccess } from './randomAccess.ts';
import { readSafetensors } from './safetensors.ts';
import { sniff } from './sniff.ts';
import { hasZipEnd, isZip } from './zip.ts';

/**
 * Why a file must have been longer once, as one that was still being written, or copied when the disk was full: one sentence. Reads a
 * header, or the last 64 KiB, and no more.
 * @param name the file's name
 * @returns undefined where nothing tells of that, also of formats that do not say how long a file is
 * @throws TrailError when the bytes cannot be read
 */
export async function cutOff(access: RandomAccess, name: string): Promise<string | undefined> {
  const cursor = new ByteCursor(access);
  if (await isZip(cursor)) {
    const hasEnd = await hasZipEnd(cursor);
    return hasEnd ? undefined : l10n.t('The list of members is missing with which an archive ends.');
  }
  if ((await sniff(access, name)) !== 'safetensors') return undefined;
  const { findings } = await readSafetensors(access);
  // What is wrong with the end of the file itself is that it comes too early.
  return findings.findLast(({ offset }) => offset === access.size)?.message;
}
