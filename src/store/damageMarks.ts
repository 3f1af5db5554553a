import { appendFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';

// What one process found to be damaged the next one would rely on again: it is written beside the pack, a line for each record with the
// place in the pack where it begins, in bytes.

/** Also of a file that was being written when a process died, or a disk full: what makes no sense names no record. */
export async function damageMarks(folder: string, id: string): Promise<ReadonlySet<number>> {
  const text = await readFile(marksFile(folder, id), 'utf8').catch(() => '');
  return new Set(text.split('\n').filter(Boolean).map(Number));
}

/** Done when this returns: whoever finds damage may be about to end. Where it cannot be written, this process alone knows. */
export function markDamage(folder: string, id: string, from: number): void {
  try {
    appendFileSync(marksFile(folder, id), `${from}\n`);
  } catch {
    // It is found again by whoever reads it.
  }
}

/** For a pack that is gone. */
export async function removeMarks(folder: string, id: string): Promise<void> {
  await rm(marksFile(folder, id), { force: true });
}

function marksFile(folder: string, id: string): string {
  return path.join(folder, `${id}${marksSuffix}`);
}

export const marksSuffix = '.damaged';
