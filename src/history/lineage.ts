import type { ModelPath } from '../core/facts.ts';
import type { CommitSighting, GitVersion } from '../core/versions.ts';
import type { HistoryCommit, HistoryEvent, HistoryMetrics, HistorySnapshot } from './cache.ts';

/** Paths of the models that exist at the tip of a local branch, sorted. */
export function gitModels(snapshot: HistorySnapshot): ModelPath[] {
  return [...(snapshot.state?.present ?? [])].sort();
}

/**
 * The contents that a model had, newest first. Contents under an old path belong to it up to the commit that renamed it; what
 * was made at the old path later does not. Contents whose blob is not here are left out: their identity cannot be known.
 */
export function gitVersions(snapshot: HistorySnapshot, model: ModelPath): GitVersion[] {
  const lineage = lineageOf(snapshot);
  const versions = new Map<string, { size: number; files?: number; sightings: CommitSighting[] }>();
  for (const event of eventsOf(lineage, model)) {
    const content = snapshot.blobs.get(event.blob ?? '');
    if (!content) continue;
    const { oid, subject, author, time } = event.at;
    const { blob, id, size, lfs, files } = content;
    let version = versions.get(id);
    if (!version) versions.set(id, (version = { size, files, sightings: [] }));
    version.sightings.push({ commit: oid, subject, author, time, path: event.path, blob, lfs });
  }
  return [...versions].map(([id, { size, files, sightings }]) => {
    const { metrics, params } = firstMetrics(lineage, sightings);
    return { id, size, files, sightings, metrics, params };
  });
}

interface OrderedEvent extends HistoryEvent {
  readonly at: HistoryCommit;
}

interface Lineage {
  /** By path, newest first. */
  readonly events: ReadonlyMap<ModelPath, readonly OrderedEvent[]>;
  /** By path, then commit. */
  readonly metrics: ReadonlyMap<ModelPath, ReadonlyMap<string, HistoryMetrics>>;
}

const lineages = new WeakMap<HistorySnapshot, Lineage>();

/** Groups a snapshot by path once, however many models are asked for. */
function lineageOf(snapshot: HistorySnapshot): Lineage {
  let lineage = lineages.get(snapshot);
  if (!lineage) {
    const commits = new Map(snapshot.commits.map((commit) => [commit.oid, commit]));
    const events = new Map<ModelPath, OrderedEvent[]>();
    for (const event of snapshot.events) {
      const at = commits.get(event.commit);
      if (at) grouped(events, event.path, () => []).push({ ...event, at });
    }
    for (const list of events.values()) list.sort((a, b) => b.at.order - a.at.order);
    const metrics = new Map<ModelPath, Map<string, HistoryMetrics>>();
    for (const one of snapshot.metrics) grouped(metrics, one.path, () => new Map()).set(one.commit, one);
    lineages.set(snapshot, (lineage = { events, metrics }));
  }
  return lineage;
}

function grouped<Key, Group>(groups: Map<Key, Group>, key: Key, make: () => Group): Group {
  let group = groups.get(key);
  if (group === undefined) groups.set(key, (group = make()));
  return group;
}

/** The paths that a model had before its last rename, in no order. */
export function earlierPaths(snapshot: HistorySnapshot, model: ModelPath): ModelPath[] {
  return [...pathsOf(lineageOf(snapshot), model).keys()].filter((path) => path !== model);
}

/** The events of a model under all the paths it had, newest first. */
function eventsOf(lineage: Lineage, model: ModelPath): OrderedEvent[] {
  return [...pathsOf(lineage, model)]
    .flatMap(([path, bound]) => (lineage.events.get(path) ?? []).filter(({ at }) => at.order < bound))
    .sort((a, b) => b.at.order - a.at.order);
}

/** All the paths that a model had, each with the order of the commit up to which it was the model's. */
function pathsOf(lineage: Lineage, model: ModelPath): Map<ModelPath, number> {
  // A path may have been the model's up to several commits (two branches renamed it): the latest of them counts.
  const bounds = new Map<ModelPath, number>([[model, Infinity]]);
  const queue = [model];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const bound = bounds.get(path) ?? 0;
    for (const { from, at } of lineage.events.get(path) ?? []) {
      if (from === undefined || at.order >= bound || at.order <= (bounds.get(from) ?? 0)) continue;
      bounds.set(from, at.order);
      queue.push(from);
    }
  }
  return bounds;
}

/** Of the commit that brought the content if it has any: later ones may have been made with another model in place. */
function firstMetrics(
  lineage: Lineage,
  sightings: readonly CommitSighting[],
): Pick<GitVersion, 'metrics' | 'params'> {
  for (const { path, commit } of sightings.toReversed()) {
    const found = lineage.metrics.get(path)?.get(commit);
    if (found && (Object.keys(found.metrics).length > 0 || Object.keys(found.params).length > 0)) {
      return { metrics: found.metrics, params: found.params };
    }
  }
  return { metrics: {}, params: {} };
}
