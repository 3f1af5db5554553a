import type { Author } from '../core/facts.ts';
import type { Git } from '../history/git.ts';
import type { LocalIndex } from '../index/localIndex.ts';
import type { StampCache } from '../index/stampCache.ts';
import type { Journal } from '../journal/journal.ts';
import type { ContentStore } from '../store/store.ts';
import type { Problem, TrailSettings } from './api.ts';
import type { Catalogue } from './catalogue.ts';

/** What every part of an open trail works with. */
export interface TrailContext {
  readonly root: string;
  readonly settings: TrailSettings;
  readonly storeFolder: string;
  readonly store: ContentStore;
  readonly journal: Journal;
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
