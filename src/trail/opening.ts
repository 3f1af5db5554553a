import { stat } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../core/errors.ts';
import type { Author } from '../core/facts.ts';
import { hashWorkerFor } from '../files/hashWorker.ts';
import type { HistoryCache } from '../history/cache.ts';
import { MissingProgram } from '../history/environment.ts';
import { systemUser } from '../history/author.ts';
import { Git } from '../history/git.ts';
import { FactCache } from '../index/factCache.ts';
import { indexedHistoryCache } from '../index/historyCache.ts';
import { LocalIndex } from '../index/localIndex.ts';
import { loadSql } from '../index/sql.ts';
import { StampCache } from '../index/stampCache.ts';
import { Journal } from '../journal/journal.ts';
import { JournalCopy } from '../journal/journalCopy.ts';
import type { Problem, TrailChange, TrailInfo } from './api/models.ts';
import type { TrailSettings } from './settings.ts';
import { Catalogue } from './catalogue/catalogue.ts';
import type { TrailContext } from './context.ts';
import { keptContents } from './contents/keptContents.ts';
import {
  commonDirAround,
  findRoot,
  folderInRepository,
  indexName,
  journalCopyName,
  nearestWith,
  storeFolder,
  trailFolder,
} from './root.ts';
import { storePlace } from './storePlace.ts';

export interface TrailOptions {
  readonly onDidChange?: (root: string, change: TrailChange) => void;
  readonly log?: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
  /** The clock that facts are dated by; for making examples that are the same every time. */
  readonly now?: () => Date;
  /** Reaches the others that are open in this process, by their roots; there are none if not given. */
  readonly withOther?: <T>(root: string, use: (other: TrailContext) => Promise<T>) => Promise<T>;
  /** Who makes changes; found out from Git or the system if not given. */
  readonly author?: Author;
  /** Absolute; a file that will be recorded next. */
  readonly willRead?: string;
}

export interface OpenedContext {
  readonly context: TrailContext;
  readonly git: TrailInfo['git'];
  readonly history: HistoryCache;
  readonly factCache: FactCache;
}

export async function openContext(
  folder: string,
  settings: TrailSettings,
  options: TrailOptions,
): Promise<OpenedContext> {
  // Both take as long as Git does to answer.
  void loadSql().catch(() => {});
  if (options.willRead !== undefined) void expectToHash(options.willRead);
  const root = await findRoot(folder);
  const { git, state, problems } = await findGit(root, settings);
  // Whether Git answers or not, the store is in one place: else what is recorded meanwhile would be in another than all before.
  const store = storeFolder(
    root,
    git?.commonDir ?? (state === 'none' ? undefined : await commonDirAround(root)),
  );
  const index = await LocalIndex.open(path.join(store, indexName(root)));
  const place = storePlace(root, store, settings);
  const copy = new JournalCopy(path.join(store, journalCopyName), folderInRepository(root));
  const context: TrailContext = {
    root,
    settings,
    storeFolder: store,
    get store() {
      return place.store;
    },
    get movedFrom() {
      return place.movedFrom;
    },
    get otherStores() {
      return place.otherStores;
    },
    kept: keptContents(place),
    journal: new Journal(path.join(root, trailFolder, 'journal'), { now: options.now, copy }),
    journalCopy: copy,
    index,
    stamps: new StampCache(index),
    git,
    gitPrefix: (await git?.prefix(root)) ?? '',
    author: options.author ?? git?.author ?? { name: systemUser() },
    problems,
    catalogue: new Catalogue(),
  };
  return {
    context,
    git: state,
    history: indexedHistoryCache(index),
    factCache: new FactCache(index),
  };
}

async function expectToHash(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile()) hashWorkerFor(found.size);
}

async function findGit(
  root: string,
  settings: TrailSettings,
): Promise<{ git?: Git; state: TrailInfo['git']; problems: Problem[] }> {
  if (!settings.trusted) return { state: 'untrusted', problems: [] };
  try {
    const git = await Git.find(root, settings.gitBinary);
    return { git, state: git ? 'found' : 'none', problems: [] };
  } catch (error) {
    // Without a repository around, what is wrong with Git is nobody's concern.
    if (nearestWith(root, '.git') === undefined) return { state: 'none', problems: [] };
    const state = error instanceof MissingProgram ? 'missingProgram' : 'refused';
    return { state, problems: [{ path: root, message: messageOf(error) }] };
  }
}
