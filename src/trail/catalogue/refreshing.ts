import * as l10n from '@vscode/l10n';
import { messageOf, TrailError } from '../../core/errors.ts';
import type { ModelPath } from '../../core/facts.ts';
import { type Operation, throwIfCancelled, unattended } from '../../core/operation.ts';
import type { GitVersion, WorkingCopy } from '../../core/versions.ts';
import type { HistoryCache } from '../../history/cache.ts';
import type { PlacedBlob } from '../../history/revisions.ts';
import type { FactCache } from '../../index/factCache.ts';
import type { ModelRow, Problem, TrailChange } from '../api/models.ts';
import { whyNotThere } from '../missingStore.ts';
import type { TrailContext } from '../context.ts';
import { findDeleted } from './deletedFiles.ts';
import { type FolderSource, folderSource } from './folderSource.ts';
import { type HistorySource, historySource } from './historySource.ts';
import { type IgnoredJournal, ignoredJournal } from './ignoredJournal.ts';
import { IndexSaver } from './indexSaving.ts';
import { type JournalCheck, type JournalSource, journalSource } from './journalSource.ts';
import { modelRows } from './modelRows.ts';
import { check, lookAt } from './workingCopies.ts';

interface Caches {
  readonly history: HistoryCache;
  readonly factCache: FactCache;
}

interface Events {
  changed(change: TrailChange): void;
  log(level: 'info' | 'warn', message: string): void;
}

/** Keeps the catalogue up with the journal, the folder and Git, reading only what is new. */
export class Refresher {
  readonly #context: TrailContext;
  readonly #events: Events;
  readonly #journal: JournalSource;
  readonly #folder: FolderSource;
  readonly #history: HistorySource;
  readonly #ignored: IgnoredJournal;
  readonly #saver: IndexSaver;
  #loading: Promise<void> | undefined;
  #isLoaded = false;
  #refreshing: Promise<void> = Promise.resolve();
  #firstRefresh: Promise<void> | undefined;
  #isRefreshed = false;
  /** Where the objects of pointers were said to be: what fetches or removes them changes no file in the folder. */
  readonly #objects = new Map<ModelPath, WorkingCopy['object']>();

  constructor(context: TrailContext, caches: Caches, events: Events) {
    this.#context = context;
    this.#events = events;
    this.#journal = journalSource(context, caches.factCache);
    this.#folder = folderSource(context, () => this.#journal.read());
    this.#history = historySource(context, caches.history);
    this.#ignored = ignoredJournal(context);
    this.#saver = new IndexSaver(context, {
      hasRows: () => this.#isLoaded,
      failed: (message) => events.log('info', message),
    });
  }

  get problems(): readonly Problem[] {
    const { directory } = this.#context.store;
    const gone = whyNotThere(this.#context);
    return [
      ...this.#context.problems,
      ...(gone === undefined ? [] : [{ path: directory, message: gone }]),
      ...this.#journal.problems(),
      ...this.#folder.problems(),
      ...this.#history.problems(),
      ...this.#ignored.problems(),
    ];
  }

  /** Resolves when there is something to show: the journal, the folder, and what the index knows of Git. */
  loaded(): Promise<void> {
    if (!this.#loading) {
      this.#loading = this.#load();
      // What was in the way may be gone the next time.
      this.#loading.catch(() => (this.#loading = undefined));
    }
    return this.#loading;
  }

  async #load(): Promise<void> {
    this.#journal.showKnown();
    this.#history.showKnown();
    await Promise.all([this.#journal.read(), this.#folder.read(unattended)]);
    await findDeleted(this.#context);
    this.#isLoaded = true;
  }

  async models(): Promise<readonly ModelRow[]> {
    const rows = await modelRows(this.#context);
    for (const { path: model, working } of rows) this.#objects.set(model, working.object);
    return rows;
  }

  /** Looks again at everything, the slow parts last; tells after each, but only if anything changed: a row that is built again loses the mouse's hover. */
  refresh(operation: Operation): Promise<void> {
    const run = async (): Promise<void> => {
      const isFirst = !this.#isRefreshed;
      const wasLoaded = this.#loading !== undefined;
      await this.loaded();
      const again = wasLoaded ? await this.#lookAgain(operation) : undefined;
      if (again?.facts) this.#events.changed('journal');
      // Until then, whoever asks may show what there was the last time.
      if (isFirst || again?.files) this.#events.changed('models');
      const [history, ignored] = await Promise.all([
        this.#history.read(operation),
        this.#ignored.read(operation),
      ]);
      if (ignored) this.#events.changed('journal');
      const deleted = await findDeleted(this.#context);
      if (history || deleted) this.#events.changed('history');
      this.#saver.soon();
    };
    const refreshing = this.#inTurn(run);
    if (this.#isRefreshed) return refreshing;
    const over = (): void => {
      this.#isRefreshed = true;
      this.#firstRefresh = undefined;
    };
    this.#firstRefresh ??= refreshing.then(over, over);
    return refreshing;
  }

  /** @returns of what there is more, or less */
  async #lookAgain(operation: Operation): Promise<{ readonly facts: boolean; readonly files: boolean }> {
    const [facts, files] = await Promise.all([this.#journal.read(), this.#folder.read(operation)]);
    const deleted = await findDeleted(this.#context);
    return { facts, files: files || deleted };
  }

  /** Resolves when the first refresh is over, if one is under way: before that Git's history may not be known. @throws TrailError `cancelled` */
  async upToDate(operation: Operation): Promise<void> {
    const refreshing = this.#firstRefresh;
    if (!refreshing) return;
    operation.report({ label: l10n.t('Reading Git history'), done: 0, total: 0 });
    await new Promise<void>((resolve) => {
      const over = (): void => {
        operation.signal.removeEventListener('abort', over);
        resolve();
      };
      void refreshing.then(over);
      operation.signal.addEventListener('abort', over);
    });
    throwIfCancelled(operation);
  }

  checkWorkingCopies(operation: Operation): Promise<void> {
    return this.#inTurn(async () => {
      await this.loaded();
      if (await this.#checkUnknown(operation)) this.#events.changed('workingCopies');
      this.#saver.soon();
    });
  }

  /** One at a time; a failed one must not stop the next. */
  #inTurn(run: () => Promise<void>): Promise<void> {
    this.#refreshing = this.#refreshing.then(run, run);
    return this.#refreshing;
  }

  /** What a model was at a commit that no local branch reaches, if all of it is on this machine. */
  readAt(place: PlacedBlob, operation: Operation): Promise<GitVersion | undefined> {
    return this.#history.readAt(place, operation);
  }

  /** Counts in the facts that came to the journal. @returns whether there was anything new */
  readJournal(): Promise<boolean> {
    return this.#journal.read();
  }

  /** Reads all entries again, known or not. */
  async checkJournal(options: { readonly repair?: boolean }, operation: Operation): Promise<JournalCheck> {
    const check = await this.#journal.check(options, operation);
    if (check.restored > 0) this.changed();
    return check;
  }

  /** The entries of the journal of which nobody knows what they say. */
  get unreadFacts(): readonly Problem[] {
    return this.#journal.unread();
  }

  /** Why Git will not commit the first entry of the journal, which nobody could say before; later a problem says so. */
  async notCommitted(operation: Operation): Promise<string | undefined> {
    if (this.#context.catalogue.state.facts.length !== 1) return undefined;
    if (await this.#ignored.read(operation)) this.#events.changed('journal');
    return this.#ignored.problems()[0]?.message;
  }

  workingCopyRead(): void {
    this.#events.changed('workingCopies');
    this.#saver.soon();
  }

  /** After a change made here: the others hear of it, and the index is saved soon. */
  changed(): void {
    this.#events.changed('journal');
    this.#saver.soon();
  }

  async stop(): Promise<void> {
    // A refresh that ends has the index saved soon.
    await this.#refreshing.catch(() => {});
    await this.#saver.stop();
  }

  async #checkUnknown(operation: Operation): Promise<boolean> {
    const { catalogue } = this.#context;
    let checked = false;
    for (const model of catalogue.models()) {
      const working = await lookAt(this.#context, model);
      if (this.#objects.has(model) && this.#objects.get(model) !== working.object) checked = true;
      this.#objects.set(model, working.object);
      if (working.state !== 'unchecked') continue;
      try {
        await check(this.#context, model, operation);
        checked = true;
      } catch (error) {
        if (TrailError.is(error, 'cancelled')) throw error;
        this.#events.log('warn', messageOf(error));
      }
    }
    return checked;
  }
}
