import { statfs } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import { formatBytes } from '../core/formatBytes.ts';

/**
 * Makes sure that a file of `bytes` fits, before time is spent on writing it.
 * @throws TrailError `io`
 */
export async function requireSpace(directory: string, bytes: number): Promise<void> {
  // Not every file system tells; then the write itself will.
  const disk = await statfs(directory).catch(() => undefined);
  if (!disk) return;
  const free = disk.bavail * disk.bsize;
  if (free >= bytes) return;
  throw new TrailError(
    'io',
    l10n.t(
      'The disk that holds {0} is too full: {1} are needed and {2} are free. Nothing was changed; free some space and try again.',
      directory,
      formatBytes(bytes),
      formatBytes(free),
    ),
  );
}
