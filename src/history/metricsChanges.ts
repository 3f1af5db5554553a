import { posix } from 'node:path';
import type { Metrics, ModelPath, Params } from '../core/facts.ts';
import { anyOf } from '../core/globs.ts';
import type { BlobReader } from './blobs.ts';
import type { HistoryCommit, HistoryEvent, HistoryPlace } from './cache.ts';
import { isTree, type TreeEntry, Trees } from './trees.ts';

// Metrics belong to what was in place when they were written: a version that came without a change of its metrics file has none.

export interface MetricsFiles {
  /** Match all files that may hold metrics. */
  readonly metricsGlobs: readonly string[];
  /** Paths of those that may hold a model's metrics, the strongest first. */
  readonly metricsNamesOf: (model: ModelPath, isDirectory: boolean) => readonly string[];
  /** @throws TrailError when the text cannot be understood */
  readonly parseMetrics: (
    name: string,
    text: string,
  ) => { readonly metrics: Metrics; readonly params: Params };
}

interface NewEvents {
  readonly commits: readonly HistoryCommit[];
  /** Of models. */
  readonly events: readonly HistoryEvent[];
  /** Of all files that were asked for, metrics files among them. */
  readonly changes: readonly HistoryEvent[];
  /** Of models, that were known before. */
  readonly before: readonly HistoryEvent[];
}

/** Where metrics were written: changes of metrics files of models, and those files that were there before their first model came. */
export async function metricsChanges(
  { commits, events, changes, before }: NewEvents,
  prefix: string,
  files: MetricsFiles,
  reader: BlobReader,
): Promise<HistoryPlace[]> {
  const folders = new Set<string>();
  for (const { path, blob = '' } of [...before, ...events]) {
    folders.add(posix.dirname(path));
    if (isTree(blob)) folders.add(path);
  }
  const isMetricsFile = anyOf(files.metricsGlobs, { nocase: false });
  const found = new Map<string, HistoryPlace>();
  const add = (commit: string, path: string): unknown => found.set(`${commit} ${path}`, { commit, path });
  for (const { commit, path } of changes)
    if (isMetricsFile(path) && folders.has(posix.dirname(path))) add(commit, path);

  const trees = new Trees(reader);
  const users = new Map<string, string>();
  const use = ({ commit, path, blob = '' }: HistoryEvent): readonly string[] => {
    const names = files.metricsNamesOf(path, isTree(blob));
    for (const name of names) if (!users.has(name)) users.set(name, commit);
    return names;
  };
  for (const event of before) use(event);
  const known = new Set(before.map(({ path }) => path));
  const orders = new Map(commits.map(({ oid, order }) => [oid, order]));
  for (const event of events.toSorted((a, b) => (orders.get(a.commit) ?? 0) - (orders.get(b.commit) ?? 0))) {
    const names = use(event);
    if (known.has(event.path) || event.from !== undefined) continue;
    known.add(event.path);
    const first = names.filter((name) => users.get(name) === event.commit);
    const present = await filesAmong(trees, event.commit, prefix, first);
    for (const name of first) if (present.has(name)) add(event.commit, name);
  }
  return [...found.values()];
}

/** Which of some files there are at a commit, and their blobs. */
export async function filesAmong(
  trees: Trees,
  commit: string,
  prefix: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const present = new Map<string, string>();
  const wanted = new Set(paths);
  for (const folder of new Set(paths.map((path) => posix.dirname(path)))) {
    for (const { name, kind, oid } of await folderAt(trees, commit, prefix, folder)) {
      const path = posix.join(folder, name);
      if (kind === 'file' && wanted.has(path)) present.set(path, oid);
    }
  }
  return present;
}

/** The entries of a folder at a commit, none where there is no such folder. */
export async function folderAt(
  trees: Trees,
  commit: string,
  prefix: string,
  folder: string,
): Promise<readonly TreeEntry[]> {
  const path = posix.join(prefix, folder).replace(/^\.$|\/$/, '');
  return (await trees.read(`${commit}:${path}`)) ?? [];
}
