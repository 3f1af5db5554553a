import { stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import { type Operation, throwIfCancelled } from '../core/operation.ts';
import { removeStaleTemps } from '../files/staleTemps.ts';
import { systemError } from '../files/systemError.ts';
import { tryLock } from '../files/tryLock.ts';
import { putBackLeaving } from './packRemoval.ts';
import type { Packs } from './packs.ts';
import type { Recipes } from './recipes.ts';

/** The parts of a store that those who keep it in order work with. */
export interface StoreParts {
  readonly directory: string;
  readonly temporaries: string;
  readonly packs: Packs;
  readonly recipes: Recipes;
}

const lockName = 'gc.lock';
const patienceMs = 15_000;
const lookAgainMs = 250;

/**
 * Keeps a store in order, one process at a time.
 * @returns undefined when there is no store yet
 * @throws TrailError `refused` when another process is at it; `cancelled`; `io`
 */
export async function maintain<T>(
  { directory, temporaries, packs }: StoreParts,
  operation: Pick<Operation, 'signal'>,
  work: () => Promise<T>,
): Promise<T | undefined> {
  if (!(await stat(directory).catch(() => undefined))) return undefined;
  const release = await takeLock(path.join(directory, lockName), operation).catch((error: unknown) => {
    // Who has moved the store away removes the folder as soon as it is empty.
    if (!TrailError.is(error, 'notFound')) throw error;
  });
  if (!release) return undefined;
  try {
    await removeStaleTemps(temporaries);
    await putBackLeaving(packs);
    packs.requireReadable();
    return await work();
  } catch (error) {
    throw systemError(error, directory);
  } finally {
    await release();
  }
}

async function takeLock(file: string, operation: Pick<Operation, 'signal'>): Promise<() => Promise<void>> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    throwIfCancelled(operation);
    const release = await tryLock(file);
    if (release) return release;
    if (Date.now() > deadline) {
      throw new TrailError(
        'refused',
        l10n.t('Another program is tidying up the store just now. Try again in a while.'),
      );
    }
    await sleep(lookAgainMs, undefined, { signal: operation.signal }).catch(() => {});
  }
}
