import { existsSync } from 'node:fs';
import path from 'node:path';
import { createDurably } from '../files/safeWrite.ts';
import { ignoreName } from '../store/moving.ts';
import type { TrailContext } from './context.ts';

/** Has Git pass over a folder of the store that is inside a working tree, or may be some day: bytes are never committed. */
export async function keepOutOfGit(
  { root, git }: Pick<TrailContext, 'root' | 'git'>,
  folder: string,
): Promise<void> {
  // Git's own folder it does not commit, whether it answers or not.
  const isGits = folder.split(path.sep).includes('.git') || (git && isWithin(folder, git.commonDir));
  if (isGits || !isWithin(folder, git?.topLevel ?? root)) return;
  const file = path.join(folder, ignoreName);
  if (!existsSync(file)) await createDurably(file, '*\n');
}

function isWithin(folder: string, top: string): boolean {
  return folder.startsWith(`${top}${path.sep}`);
}
