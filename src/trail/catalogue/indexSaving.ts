import { existsSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../core/errors.ts';
import type { TrailContext } from '../context.ts';
import { keepOutOfGit } from '../keepingOutOfGit.ts';
import { keepFirstRows } from './firstRows.ts';
import { modelRows } from './modelRows.ts';

/** How long after a change the index is saved: one save for a burst of changes. */
const saveDelayMs = 1000;

interface Saving {
  /** Whether the rows to show first next time are known. */
  hasRows(): boolean;
  /** The index is a cache: that it cannot be saved is worth a line in the log, no more. */
  failed(message: string): void;
}

/** Saves the index, and the rows to show first next time. */
export class IndexSaver {
  readonly #context: TrailContext;
  readonly #of: Saving;
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(context: TrailContext, of: Saving) {
    this.#context = context;
    this.#of = of;
  }

  soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#save();
    }, saveDelayMs).unref();
  }

  /** Saves for the last time. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#save();
  }

  /** One after the other: whoever stops closes the index when the last is over. */
  #save(): Promise<void> {
    this.#saving = this.#saving.then(() => this.#saveNow());
    return this.#saving;
  }

  async #saveNow(): Promise<void> {
    const { root, settings, index, storeFolder } = this.#context;
    // `.modeltrail/` appears with the first thing that the user records, not before; and a repository that is gone stays so.
    if (!settings.trusted || !existsSync(root) || !existsSync(path.dirname(storeFolder))) return;
    try {
      // The index is there too, before anything is recorded.
      await keepOutOfGit(this.#context, storeFolder);
      await index.save();
      if (this.#of.hasRows()) await keepFirstRows(this.#context, await modelRows(this.#context));
    } catch (error) {
      this.#of.failed(messageOf(error));
    }
  }
}
