import { type Operation, throwIfCancelled } from '../core/operation.ts';
import { limited } from '../store/limited.ts';
import type { Problem } from './api/models.ts';
import type { TrailContext } from './context.ts';
import { closeModels } from './reading/openModels.ts';
import type { Refresher } from './catalogue/refreshing.ts';
import { requireTrusted } from './trust.ts';

/** When the engine does what it is asked. */
export interface Turns {
  /** As soon as there is something to look at. */
  look<T>(work: () => T | Promise<T>): Promise<T>;
  /** After the changes before it, on the newest facts; the others are told of it. */
  change<T>(work: () => Promise<T>, operation?: Operation): Promise<T>;
  /** A change of working copies. */
  replace<T>(work: () => Promise<T>, operation: Operation): Promise<T>;
  /** On the newest facts. It changes none, may take long, and lets changes be made meanwhile. */
  maintain<T>(work: () => Promise<T>): Promise<T>;
  /** Reads new entries, and announces them: to the next reader they are not new. @returns the entries that nobody understands */
  readJournal(): Promise<readonly Problem[]>;
  /** Resolves when no change is under way. */
  ended(): Promise<void>;
}

export function takeTurns(context: TrailContext, refresher: Refresher): Turns {
  const inTurn = limited(1);

  async function look<T>(work: () => T | Promise<T>): Promise<T> {
    await refresher.loaded();
    return work();
  }

  async function change<T>(work: () => Promise<T>, operation?: Operation): Promise<T> {
    requireTrusted(context);
    const run = async (): Promise<T> => {
      if (operation) throwIfCancelled(operation);
      await refresher.readJournal();
      try {
        return await work();
      } finally {
        refresher.changed();
      }
    };
    return inTurn(run, operation);
  }

  function replace<T>(work: () => Promise<T>, operation: Operation): Promise<T> {
    const run = async (): Promise<T> => {
      // On Windows none that is open can be replaced.
      await closeModels(context);
      return work();
    };
    return change(run, operation);
  }

  async function maintain<T>(work: () => Promise<T>): Promise<T> {
    requireTrusted(context);
    await refresher.loaded();
    await readJournal();
    return work();
  }

  async function readJournal(): Promise<readonly Problem[]> {
    if (await refresher.readJournal()) refresher.changed();
    return refresher.unreadFacts;
  }

  return { look, change, replace, maintain, readJournal, ended: () => inTurn(async () => {}) };
}
