import type { Author, ContentId, Metrics, ModelPath, Params } from '../core/facts.ts';

/** A commit that brought, changed, renamed or removed a model. */
export interface HistoryCommit {
  readonly oid: string;
  /** Children have a higher number than their parents; otherwise by the second in which they were committed, then by name. */
  readonly order: number;
  /** When the author made it: ISO 8601 in UTC. */
  readonly time: string;
  readonly author: Author;
  readonly subject: string;
}

/** What a commit did to one path. */
export interface HistoryEvent {
  /** The commit's oid. */
  readonly commit: string;
  readonly path: ModelPath;
  /** The path before, where the commit renamed it. */
  readonly from?: ModelPath;
  /** Absent where the commit removed the file, or made something else of it. Of a directory its tree, as `<oid>/`. */
  readonly blob?: string;
}

/** A Git blob whose content is known. */
export interface HistoryBlob {
  readonly blob: string;
  /** Of the content; for a Git LFS pointer of what it points to. */
  readonly id: ContentId;
  readonly size: number;
  /** Of a directory: whether any of its files is in Git LFS. */
  readonly lfs: boolean;
  /** Of a directory: how many it has. */
  readonly files?: number;
}

/** A path at a commit. */
export interface HistoryPlace {
  readonly commit: string;
  readonly path: ModelPath;
}

/** What a metrics file said after a commit that changed it; both empty when it was gone or broken. */
export interface HistoryMetrics extends HistoryPlace {
  readonly metrics: Metrics;
  readonly params: Params;
  /** What it was written for: contents that models had at the commit. */
  readonly contents: readonly ModelContent[];
}

export interface ModelContent {
  readonly model: ModelPath;
  /** As in {@link HistoryEvent}. */
  readonly blob: string;
}

export interface HistoryLog {
  readonly commits: readonly HistoryCommit[];
  readonly events: readonly HistoryEvent[];
  /** Commits that changed a metrics file beside a model, or in it, with the path of that file. */
  readonly metricsChanges: readonly HistoryPlace[];
}

/** What the log in the cache covers. Plain JSON. */
export interface HistoryState {
  /** The branches' commits that it was read from. */
  readonly tips: readonly string[];
  /** Stands for whatever else decides what the log holds: patterns, prefix, where a shallow clone ends. */
  readonly scope: string;
  /** The highest order given to a commit. */
  readonly lastOrder: number;
  /** The second in which the newest of its commits was committed; 0 without any. */
  readonly newest: number;
  /** Folders that were a model, or may have been. */
  readonly directories: readonly ModelPath[];
  /** The commits of a shallow clone whose parents are not here. */
  readonly ends: readonly string[];
  /** The commit that was checked out when it was last looked which renames are `elsewhere`, and what is `tracked`. */
  readonly head?: string;
  /** Commits that renamed a model and are not in the history of what is checked out. */
  readonly elsewhere?: readonly string[];
  /** The models that are in what is checked out. */
  readonly tracked?: readonly ModelPath[];
}

export interface HistorySnapshot extends Omit<HistoryLog, 'metricsChanges'> {
  readonly state?: HistoryState;
  readonly blobs: ReadonlyMap<string, HistoryBlob>;
  readonly metrics: readonly HistoryMetrics[];
}

/**
 * What is known of Git history, so that nothing is asked of Git twice. Each method is one transaction: a scan that is stopped
 * between two of them goes on where it was.
 */
export interface HistoryCache {
  state(): HistoryState | undefined;
  /** Adds to the log. */
  append(log: HistoryLog, state: HistoryState): void;
  /** Puts another log in place of the one there is; blobs that are known stay known. */
  replace(log: HistoryLog, state: HistoryState): void;
  /** Keeps the log as it is. */
  putState(state: HistoryState): void;
  /** The commits that renamed a model. */
  renames(): string[];
  /** Blobs of events whose content is not known, each once, those of the newest commits first. */
  pendingBlobs(): string[];
  putBlobs(blobs: readonly HistoryBlob[]): void;
  /** Changes of metrics files that were not looked at, the newest commits first. */
  pendingMetrics(): HistoryPlace[];
  putMetrics(metrics: readonly HistoryMetrics[]): void;
  snapshot(): HistorySnapshot;
}

/** A cache that forgets with the process. */
export function memoryHistoryCache(): HistoryCache {
  let state: HistoryState | undefined;
  let commits: HistoryCommit[] = [];
  let events: HistoryEvent[] = [];
  const blobs = new Map<string, HistoryBlob>();
  let changes: HistoryPlace[] = [];
  let metrics = new Map<string, HistoryMetrics>();
  const keyOf = (place: HistoryPlace): string => `${place.commit} ${place.path}`;

  function newestFirst<Place extends HistoryPlace>(places: readonly Place[]): Place[] {
    const orders = new Map(commits.map(({ oid, order }) => [oid, order]));
    return places.toSorted((a, b) => (orders.get(b.commit) ?? 0) - (orders.get(a.commit) ?? 0));
  }

  return {
    state: () => state,
    append(log, next) {
      commits = [...commits, ...log.commits];
      events = [...events, ...log.events];
      changes = [...changes, ...log.metricsChanges];
      state = next;
    },
    replace(log, next) {
      commits = [...log.commits];
      events = [...log.events];
      changes = [...log.metricsChanges];
      metrics = new Map();
      state = next;
    },
    putState(next) {
      state = next;
    },
    renames: () => [...new Set(events.flatMap(({ commit, from }) => (from === undefined ? [] : [commit])))],
    pendingBlobs() {
      const wanted = newestFirst(events).flatMap(({ blob }) =>
        blob !== undefined && !blobs.has(blob) ? [blob] : [],
      );
      return [...new Set(wanted)];
    },
    putBlobs(known) {
      for (const one of known) blobs.set(one.blob, one);
    },
    pendingMetrics: () => newestFirst(changes).filter((change) => !metrics.has(keyOf(change))),
    putMetrics(known) {
      for (const one of known) metrics.set(keyOf(one), one);
    },
    snapshot: () => ({ state, commits, events, blobs: new Map(blobs), metrics: [...metrics.values()] }),
  };
}
