import type { ContentId, ModelPath } from '../core/facts.ts';
import { contradictionsIn, type Values } from '../core/contradictions.ts';
import type { CommitSighting, GitVersion } from '../core/versions.ts';
import type { HistoryCommit, HistoryEvent, HistorySnapshot } from './cache.ts';

/** A commit that renamed what was at a path until then, in the history of what is checked out. */
export interface Departure {
  readonly to: ModelPath;
  readonly commit: string;
  readonly order: number;
  /** ISO 8601 in UTC, to the second. */
  readonly time: string;
}

/** All of a path, oldest first. */
export function departuresFrom(snapshot: HistorySnapshot, path: ModelPath): readonly Departure[] {
  return lineageOf(snapshot).departures.get(path) ?? [];
}

/** Where a commit is in the order of those that are known. */
export function orderOf(snapshot: HistorySnapshot, commit: string): number | undefined {
  return lineageOf(snapshot).commits.get(commit)?.order;
}

/**
 * The contents that a model had, by the commits that brought them first, newest first. Contents under an old path belong to it up to
 * the commit that renamed it; what was made at the old path later belongs to another, which has none of those before. Contents
 * whose blob is not here are left out: their identity cannot be known.
 */
export function gitVersions(snapshot: HistorySnapshot, model: ModelPath): GitVersion[] {
  const lineage = lineageOf(snapshot);
  const ends = new Set(snapshot.state?.ends);
  const measured = measuredContents(snapshot, lineage, spansOf(lineage, model));
  const versions = new Map<string, { size: number; files?: number; sightings: CommitSighting[] }>();
  for (const event of eventsOf(lineage, model)) {
    const content = snapshot.blobs.get(event.blob ?? '');
    if (!content) continue;
    const { oid, subject, author, time } = event.at;
    const { blob, id, size, lfs, files } = content;
    const version = versions.get(id) ?? { size, files, sightings: [] };
    // Back to the end: an older commit had it too.
    versions.delete(id);
    versions.set(id, version);
    const atOrBefore = ends.has(oid) || undefined;
    version.sightings.push({ commit: oid, subject, author, time, path: event.path, blob, lfs, atOrBefore });
  }
  return [...versions].map(([id, { size, files, sightings }]) => {
    const { metrics = {}, params = {} } = measured.get(id) ?? {};
    return { id, size, files, sightings, metrics, params };
  });
}

interface OrderedEvent extends HistoryEvent {
  readonly at: HistoryCommit;
}

/** A time, in the order of commits, in which a path was a model's. */
interface Span {
  readonly path: ModelPath;
  readonly after: number;
  readonly until: number;
}

interface Lineage {
  /** By path, newest first. */
  readonly events: ReadonlyMap<ModelPath, readonly OrderedEvent[]>;
  /** By path, oldest first. */
  readonly departures: ReadonlyMap<ModelPath, readonly Departure[]>;
  readonly commits: ReadonlyMap<string, HistoryCommit>;
  /** What metrics files said of a path. */
  readonly metrics: ReadonlyMap<ModelPath, readonly Measured[]>;
}

interface Measured extends Values {
  readonly blob: string;
  readonly order: number;
  /** Whether it was committed together with the content. */
  readonly together: boolean;
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
    const departures = departuresIn([...events.values()].flat(), new Set(snapshot.state?.elsewhere));
    const metrics = new Map<ModelPath, Measured[]>();
    const brought = new Set(snapshot.events.map(({ commit, path, blob }) => `${commit} ${blob} ${path}`));
    for (const { commit, contents, ...said } of snapshot.metrics) {
      const order = commits.get(commit)?.order ?? 0;
      for (const { model, blob } of contents) {
        const together = brought.has(`${commit} ${blob} ${model}`);
        grouped(metrics, model, () => []).push({ ...said, blob, order, together });
      }
    }
    lineages.set(snapshot, (lineage = { events, departures, commits, metrics }));
  }
  return lineage;
}

function departuresIn(
  events: readonly OrderedEvent[],
  elsewhere: ReadonlySet<string>,
): Map<ModelPath, Departure[]> {
  const departures = new Map<ModelPath, Departure[]>();
  for (const { from, path, at } of events) {
    if (from === undefined || elsewhere.has(at.oid)) continue;
    const { oid: commit, order, time } = at;
    grouped(departures, from, () => []).push({ to: path, commit, order, time });
  }
  for (const list of departures.values()) list.sort((a, b) => a.order - b.order);
  return departures;
}

function grouped<Key, Group>(groups: Map<Key, Group>, key: Key, make: () => Group): Group {
  let group = groups.get(key);
  if (group === undefined) groups.set(key, (group = make()));
  return group;
}

/** The events of a model under all the paths it had, newest first. */
function eventsOf(lineage: Lineage, model: ModelPath): OrderedEvent[] {
  return spansOf(lineage, model)
    .flatMap((span) => eventsIn(lineage, span))
    .sort((a, b) => b.at.order - a.at.order);
}

function eventsIn({ events }: Lineage, { path, after, until }: Span): readonly OrderedEvent[] {
  return (events.get(path) ?? []).filter(({ at }) => at.order > after && at.order < until);
}

/** All the paths that a model had, and when. */
function spansOf(lineage: Lineage, model: ModelPath): Span[] {
  // It may have come from a path by several commits (two branches renamed it): the latest of them counts.
  const spans = new Map<string, Span>();
  const queue = [{ path: model, until: Infinity }];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { path, until } = next;
    const after = lineage.departures.get(path)?.findLast(({ order }) => order < until)?.order ?? 0;
    const key = `${after} ${path}`;
    if (until <= (spans.get(key)?.until ?? 0)) continue;
    const span = { path, after, until };
    spans.set(key, span);
    for (const { from, at } of eventsIn(lineage, span))
      if (from !== undefined) queue.push({ path: from, until: at.order });
  }
  return [...spans.values()];
}

/**
 * What was said of each content of a model: with the commit that brought it, then, oldest first, by what contradicts nothing of that. While
 * the best model stays, a training that goes on commits the metrics of others. That a metrics file was removed, or broken, takes
 * nothing back.
 */
function measuredContents(
  { blobs }: HistorySnapshot,
  { metrics }: Lineage,
  spans: readonly Span[],
): Map<ContentId, Values> {
  const said = spans
    .flatMap(({ path, after, until }) =>
      (metrics.get(path) ?? []).filter(({ order }) => order > after && order < until),
    )
    .sort((a, b) => Number(b.together) - Number(a.together) || a.order - b.order);
  const known = new Map<ContentId, Values>();
  for (const one of said) {
    const id = blobs.get(one.blob)?.id;
    if (id === undefined) continue;
    const before = known.get(id) ?? { metrics: {}, params: {} };
    if (contradictionsIn(before, one).length > 0) continue;
    known.set(id, {
      metrics: { ...before.metrics, ...one.metrics },
      params: { ...before.params, ...one.params },
    });
  }
  return known;
}
