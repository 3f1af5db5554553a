import { readdir } from 'node:fs/promises';
import path from 'node:path';

/**
 * Whether a path in a folder is spelled as the disk has it: one that ignores case finds what is there by other names too. True where that
 * cannot be listed. How an accent is written makes no difference, as a disk may have it in another way than whoever named the file.
 * @param name POSIX, relative to the folder; of something that can be found there
 */
export async function isSpelledSo(folder: string, name: string): Promise<boolean> {
  let at = folder;
  for (const part of name.split('/')) {
    const names = await readdir(at).catch(() => undefined);
    if (!names) return true;
    if (!names.some((one) => one === part || one.normalize() === part.normalize())) return false;
    at = path.join(at, part);
  }
  return true;
}
