import { constants, setPriority } from 'node:os';

/**
 * Has this thread, and those that it starts, wait for the editor's own where there are too few cores for all: recording keeps two busy,
 * and the extension host must go on in between.
 */
export function giveWay(): void {
  // Elsewhere it would be the priority of the whole process.
  if (process.platform !== 'linux') return;
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Not allowed here: it does without.
  }
}
