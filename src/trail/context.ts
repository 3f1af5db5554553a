import type { Author } from '../core/facts.ts';
import type { Git } from '../history/git.ts';
import type { LocalIndex } from '../index/localIndex.ts';
import type { StampCache } from '../index/stampCache.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalCopy } from '../journal/journalCopy.ts';
import type { BlockStore } from '../store/blockStore.ts';
import type { Problem } from './api/models.ts';
import type { TrailSettings } from './settings.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import type { KeptContents } from './contents/keptContents.ts';

/**
 * Has something work with the trail that has the root, or with the one that is asked where there is none; it stays open as long.
 * @throws TrailError `usage` when there is no such trail
 */
export type WithTrail = <T>(
  root: string | undefined,
  use: (context: TrailContext) => Promise<T>,
) => Promise<T>;

/** What every part of an open trail works with. */
export interface TrailContext {
  readonly root: string;
  readonly settings: TrailSettings;
  /** What belongs to this machine: the index, numbers, and the contents if they are in no other folder. */
  readonly storeFolder: string;
  /** The contents as they are now: another object when the store is moved. */
  readonly store: BlockStore;
  /** Where the contents are moved from, as long as that is not finished. */
  readonly movedFrom: BlockStore | undefined;
  /** Where some may be too: that, and wherever they came before another folder was set. */
  readonly otherStores: readonly BlockStore[];
  /** What to read contents from: all of them. */
  readonly kept: KeptContents;
  readonly journal: Journal;
  readonly journalCopy: JournalCopy;
  readonly index: LocalIndex;
  readonly stamps: StampCache;
  /** Absent outside a repository, without the program, and in an untrusted workspace. */
  readonly git: Git | undefined;
  /** What comes before a model's path to make it relative to the top of the Git working tree: '' or `ml/`. */
  readonly gitPrefix: string;
  readonly author: Author;
  /** What was wrong when it was opened. */
  readonly problems: readonly Problem[];
  readonly catalogue: Catalogue;
}
