import { existsSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { messageOf, TrailError } from '../core/errors.ts';
import type { ModelPath } from '../core/facts.ts';
import { type Operation, throwIfCancelled, unattended } from '../core/operation.ts';
import type { WorkingCopy } from '../core/versions.ts';
import { walkModels } from '../files/walk.ts';
import { looksLikeModel } from '../formats/looksLikeModel.ts';
import type { HistoryCache } from '../history/cache.ts';
import { earlierPaths, gitVersions } from '../history/lineage.ts';
import { scanHistory } from '../history/scan.ts';
import type { FactCache } from '../index/factCache.ts';
import { metricsNamesBeside } from '../metrics/beside.ts';
import { parseMetrics } from '../metrics/metricsFile.ts';
import type { ModelRow, Problem, TrailChange } from './api/models.ts';
import type { FoundFile } from './catalogue.ts';
import type { TrailContext } from './context.ts';
import { keepFirstRows } from './firstRows.ts';
import { recoverInterrupted } from './interrupted.ts';
import { trailFolder } from './root.ts';
import { check, lookAt } from './workingCopies.ts';

interface Caches {
  readonly history: HistoryCache;
  readonly factCache: FactCache;
}

interface Events {
  changed(change: TrailChange): void;
  log(level: 'info' | 'warn', message: string): void;
  models(): Promise<readonly ModelRow[]>;
}

/** How long after a change the index is saved: one save for a burst of changes. */
const saveDelayMs = 1000;

/** Keeps the catalogue up with the journal, the folder and Git, reading only what is new. */
export class Refresher {
  readonly #context: TrailContext;
  readonly #caches: Caches;
  readonly #events: Events;
  #loading: Promise<void> | undefined;
  #isLoaded = false;
  #refreshing: Promise<void> = Promise.resolve();
  #firstRefresh: Promise<void> | undefined;
  #saving: NodeJS.Timeout | undefined;
  /** Entries of kinds that this version does not know: once is enough to see that. */
  readonly #passedOver = new Set<string>();
  /** Where the objects of pointers were: what fetches them changes no file in the folder. */
  readonly #objects = new Map<ModelPath, WorkingCopy['object']>();
  #journalProblems: readonly Problem[] = [];
  #folderProblems: readonly Problem[] = [];

  constructor(context: TrailContext, caches: Caches, events: Events) {
    this.#context = context;
    this.#caches = caches;
    this.#events = events;
  }

  get problems(): readonly Problem[] {
    return [...this.#context.problems, ...this.#journalProblems, ...this.#folderProblems];
  }

  /** Resolves when there is something to show: the journal, the folder, and what the index knows of Git. */
  loaded(): Promise<void> {
    this.#loading ??= (async () => {
      const { catalogue } = this.#context;
      catalogue.addFacts([...this.#caches.factCache.all()].map(([name, fact]) => ({ name, fact })));
      this.#showHistory();
      await Promise.all([this.readJournal(), this.#readFolder(unattended)]);
      this.#isLoaded = true;
    })();
    return this.#loading;
  }

  /** Looks again at everything, the slow parts last; tells after each, if anything changed: rows that are made anew lose the pointer. */
  refresh(operation: Operation): Promise<void> {
    const run = async (): Promise<void> => {
      const first = this.#loading === undefined;
      await this.loaded();
      if (first) this.#events.changed('models');
      else {
        const [facts, files] = await Promise.all([this.readJournal(), this.#readFolder(operation)]);
        if (facts) this.#events.changed('journal');
        if (files) this.#events.changed('models');
      }
      if (await this.#readHistory(operation)) this.#events.changed('history');
      this.#saveSoon();
    };
    const refreshing = this.#inTurn(run);
    this.#firstRefresh ??= refreshing;
    return refreshing;
  }

  /** Resolves when the first refresh is over, if there was one: before that Git's history may not be known. @throws TrailError `cancelled` */
  async upToDate(operation: Operation): Promise<void> {
    const refreshed = this.#firstRefresh?.catch(() => {});
    await new Promise<void>((resolve) => {
      void Promise.resolve(refreshed).then(resolve);
      operation.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    throwIfCancelled(operation);
  }

  checkWorkingCopies(operation: Operation): Promise<void> {
    return this.#inTurn(async () => {
      await this.loaded();
      if (await this.#checkUnknown(operation)) this.#events.changed('workingCopies');
      this.#saveSoon();
    });
  }

  /** One at a time; a failed one must not stop the next. */
  #inTurn(run: () => Promise<void>): Promise<void> {
    this.#refreshing = this.#refreshing.then(run, run);
    return this.#refreshing;
  }

  /** Counts in the facts that came to the journal, from here or with Git. @returns whether there was anything new */
  async readJournal(): Promise<boolean> {
    const { journal, catalogue } = this.#context;
    const names = new Set(await journal.list());
    const gone = [...catalogue.factNames()].filter((name) => !names.has(name));
    if (gone.length > 0) {
      catalogue.removeFacts(gone);
      this.#caches.factCache.remove(gone);
    }
    const fresh = [...names].filter((name) => !catalogue.hasFact(name) && !this.#passedOver.has(name));
    if (fresh.length === 0 && this.#journalProblems.length === 0) return gone.length > 0;
    const problemsBefore = this.#journalProblems;
    const { facts, problems } = await journal.read(fresh);
    if (facts.length > 0) {
      catalogue.addFacts(facts);
      this.#caches.factCache.add(facts);
    }
    const told = new Set([...facts, ...problems].map(({ name }) => name));
    for (const name of fresh) if (!told.has(name)) this.#passedOver.add(name);
    this.#journalProblems = problems.map(({ name, message }) => ({
      path: `${trailFolder}/journal/${name}`,
      message,
    }));
    return gone.length > 0 || facts.length > 0 || !isDeepStrictEqual(problemsBefore, this.#journalProblems);
  }

  workingCopyRead(): void {
    this.#events.changed('workingCopies');
    this.#saveSoon();
  }

  /** After a change made here: the others hear of it, and the index is saved soon. */
  changed(): void {
    this.#events.changed('journal');
    this.#saveSoon();
  }

  #saveSoon(): void {
    this.#saving ??= setTimeout(() => {
      this.#saving = undefined;
      void this.#save();
    }, saveDelayMs).unref();
  }

  async stop(): Promise<void> {
    clearTimeout(this.#saving);
    await this.#refreshing.catch(() => {});
    await this.#save();
  }

  async #readFolder(operation: Operation): Promise<boolean> {
    const { root, settings, catalogue } = this.#context;
    const problems: Problem[] = [];
    const files = new Map<ModelPath, FoundFile>();
    const report = (at: string, message: string): void => void problems.push({ path: at, message });
    const swaps: string[] = [];
    const foundSwap = (at: string): void => void swaps.push(at);
    const options = {
      include: settings.include,
      exclude: settings.exclude,
      looksLikeModel,
      report,
      foundSwap,
    };
    for await (const { path: model, size, mtimeMs, files: inner } of walkModels(
      root,
      options,
      operation.signal,
    )) {
      files.set(model, { size, mtimeMs, files: inner });
    }
    // What a rollback left that was killed: then the folder is looked at again.
    if (await recoverInterrupted(this.#context, swaps, report, operation)) return this.#readFolder(operation);
    const problemsBefore = this.#folderProblems;
    this.#folderProblems = problems;
    return catalogue.setFiles(files) || !isDeepStrictEqual(problemsBefore, problems);
  }

  async #readHistory(operation: Operation): Promise<boolean> {
    const { git, gitPrefix: prefix, settings } = this.#context;
    if (!git) return false;
    const before = this.#historyKnown();
    const options = { patterns: settings.include, prefix, metricsNames: metricsNamesBeside, parseMetrics };
    try {
      await scanHistory(git, this.#caches.history, options, operation);
    } catch (error) {
      if (TrailError.is(error, 'cancelled')) throw error;
      // The rest works without Git.
      this.#events.log('warn', messageOf(error));
    } finally {
      this.#showHistory();
    }
    return this.#historyKnown() !== before;
  }

  /** Differs when anything was found out about Git's history. */
  #historyKnown(): string {
    const { history } = this.#caches;
    return JSON.stringify([history.state(), history.pendingBlobs().length, history.pendingMetrics().length]);
  }

  #showHistory(): void {
    if (!this.#context.settings.trusted) return;
    const snapshot = this.#caches.history.snapshot();
    this.#context.catalogue.setHistory({
      versions: (model) => gitVersions(snapshot, model),
      earlierPaths: (model) => earlierPaths(snapshot, model),
      blob: (oid) => snapshot.blobs.get(oid),
    });
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

  /** The index is a cache: that it cannot be saved is worth a line in the log, no more. */
  async #save(): Promise<void> {
    const { root, settings, index, storeFolder } = this.#context;
    // `.modeltrail/` appears with the first thing that the user records, not before.
    const own = path.join(root, trailFolder);
    if (!settings.trusted || (storeFolder.startsWith(own) && !existsSync(own))) return;
    try {
      await index.save();
      if (this.#isLoaded) await keepFirstRows(this.#context, await this.#events.models());
    } catch (error) {
      this.#events.log('info', messageOf(error));
    }
  }
}
