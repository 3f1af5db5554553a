import type { Author, Metrics, ModelPath } from '../../core/facts.ts';
import type { Version, WorkingCopy } from '../../core/versions.ts';

// What a trail is, and what is in it.

export interface ModelRow {
  readonly path: ModelPath;
  readonly working: WorkingCopy;
  readonly versions: number;
  /** Why there may be more versions: a Git repository is not asked, as the workspace is not trusted, or has not answered yet. */
  readonly historyHidden?: 'untrusted' | 'reading';
  /** The version with the highest number, else the newest. */
  readonly latest?: Version;
  /** Of the version before `latest`, if it is known which that is. */
  readonly metricsBefore?: Metrics;
}

export interface PageRequest {
  readonly offset: number;
  readonly limit: number;
  /** Only versions that it lets through are there, and counted: see `core/versionFilter.ts`. */
  readonly filter?: string;
}

export interface VersionPage {
  readonly total: number;
  /** Newest first. */
  readonly versions: readonly Version[];
  /** For each, of the version before it, which a filter may leave out. */
  readonly metricsBefore: readonly (Metrics | undefined)[];
}

export interface Problem {
  /** Relative to the trail root, or absolute outside it. */
  readonly path: string;
  readonly message: string;
}

export interface TrailInfo {
  /** Absolute. */
  readonly root: string;
  /** `refused`: Git will not read this repository; `problems` says why. */
  readonly git: 'none' | 'found' | 'untrusted' | 'missingProgram' | 'refused';
  /** The folder of the contents, absolute. */
  readonly store: string;
  /** History before this is not here (a shallow clone). */
  readonly shallow: boolean;
  readonly author: Author;
  readonly problems: readonly Problem[];
}

/** What changed under a trail, so that views know what to ask again. */
export type TrailChange = 'models' | 'journal' | 'history' | 'workingCopies';
