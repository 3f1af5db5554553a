import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../core/errors.ts';
import { createDurably, writeDurably } from '../files/safeWrite.ts';
import { systemError } from '../files/systemError.ts';
import { ignoredInStore, ignoreName } from '../store/storeFolder.ts';
import type { TrailContext } from './context.ts';

const everything = '*\n';

/**
 * Has Git pass over the store in a folder that is inside a working tree, or may be some day: bytes are never committed. In a folder that was
 * set there may be anything else, which Git is to see.
 */
export async function keepOutOfGit(
  { root, git, storeFolder }: Pick<TrailContext, 'root' | 'git' | 'storeFolder'>,
  folder: string,
): Promise<void> {
  // Git's own folder it does not commit, whether it answers or not.
  const isGits = folder.split(path.sep).includes('.git') || (git && isWithin(folder, git.commonDir));
  if (isGits || !isWithin(folder, git?.topLevel ?? root)) return;
  const file = path.join(folder, ignoreName);
  if (folder !== storeFolder) return addTo(file);
  if (!existsSync(file)) await createDurably(file, everything);
}

async function addTo(file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return '';
    throw systemError(error, file);
  });
  if (text === everything || text.includes(ignoredInStore)) return;
  const before = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  await writeDurably(file, before + ignoredInStore);
}

function isWithin(folder: string, top: string): boolean {
  return `${folder}${path.sep}`.startsWith(`${top}${path.sep}`);
}
