import { posix } from 'node:path';
import { TrailError } from '../core/errors.ts';
import { type Operation, throwIfCancelled } from '../core/operation.ts';
import type { Metrics, ModelPath, Params } from '../core/facts.ts';
import { compareInSeries, seriesOf } from '../core/series.ts';
import type { BlobReader } from './blobs.ts';
import type { HistoryCache, HistoryMetrics, HistoryPlace, HistorySnapshot, ModelContent } from './cache.ts';
import { localObjects } from './contents.ts';
import type { Git } from './git.ts';
import { filesAmong, folderAt, type MetricsFiles } from './metricsChanges.ts';
import { asBlob, isTree, type TreeEntry, Trees } from './trees.ts';

interface FoundFile extends HistoryPlace {
  readonly blob?: string;
  readonly contents: readonly ModelContent[];
}

const maxFileBytes = 2 ** 20;
const keptCount = 500;

/** Reads what metrics files said after each commit that changed them, and finds out of what they said it. */
export async function readMetricsAt(
  git: Git,
  cache: HistoryCache,
  reader: BlobReader,
  prefix: string,
  files: MetricsFiles,
  operation: Operation,
): Promise<void> {
  const places = cache.pendingMetrics();
  if (places.length === 0) return;
  const trees = new Trees(reader);
  const models = new ModelsOf(cache.snapshot(), places, files, trees, prefix);
  const found: FoundFile[] = [];
  for (const { commit, path } of places) {
    throwIfCancelled(operation);
    const blob = (await filesAmong(trees, commit, prefix, [path])).get(path);
    const contents = blob === undefined ? [] : await models.contentsAt(commit, path);
    found.push({ commit, path, blob: contents.length > 0 ? blob : undefined, contents });
  }

  const blobs = new Set(found.flatMap(({ blob }) => blob ?? []));
  const here = new Set(await localObjects(git, [...blobs], operation.signal));
  const parsed = new Map<string, { metrics: Metrics; params: Params }>();
  let known: HistoryMetrics[] = [];
  try {
    for (const { commit, path, blob, contents } of found) {
      throwIfCancelled(operation);
      if (blob !== undefined && !here.has(blob)) continue;
      const name = posix.basename(path);
      const key = blob === undefined ? '' : `${blob} ${name}`;
      let values = parsed.get(key) ?? { metrics: {}, params: {} };
      if (blob !== undefined && !parsed.has(key)) {
        const text = await reader.small(blob, maxFileBytes);
        if (text) values = tryParse(files, name, text.toString('utf8'));
        parsed.set(key, values);
      }
      known.push({ commit, path, metrics: values.metrics, params: values.params, contents });
      if (known.length < keptCount) continue;
      cache.putMetrics(known);
      known = [];
    }
  } finally {
    cache.putMetrics(known);
  }
}

interface Past {
  readonly order: number;
  readonly blob: string;
}

/** The models that metrics files are for. */
class ModelsOf {
  readonly #files: MetricsFiles;
  readonly #trees: Trees;
  readonly #prefix: string;
  readonly #orders: ReadonlyMap<string, number>;
  readonly #pasts = new Map<ModelPath, Past[]>();
  /** By the path of a metrics file. */
  readonly #users = new Map<string, Set<ModelPath>>();
  /** The one that was looked at last. */
  #folder: { readonly at: string; readonly entries: ReadonlyMap<string, TreeEntry> } = {
    at: '',
    entries: new Map(),
  };

  constructor(
    { commits, events }: HistorySnapshot,
    places: readonly HistoryPlace[],
    files: MetricsFiles,
    trees: Trees,
    prefix: string,
  ) {
    this.#files = files;
    this.#trees = trees;
    this.#prefix = prefix;
    this.#orders = new Map(commits.map(({ oid, order }) => [oid, order]));
    for (const { path } of places) this.#users.set(path, new Set());
    for (const { commit, path, blob } of events) {
      if (blob === undefined) continue;
      const past = this.#pasts.get(path) ?? [];
      // Its names are the same for all of its files.
      if (!past.some((before) => isTree(before.blob) === isTree(blob)))
        for (const name of files.metricsNamesOf(path, isTree(blob))) this.#users.get(name)?.add(path);
      past.push({ order: this.#orders.get(commit) ?? 0, blob });
      this.#pasts.set(path, past);
    }
  }

  /** The contents that a metrics file was written for: of the model that it is in, else of those in place that came last. */
  async contentsAt(commit: string, file: string): Promise<readonly ModelContent[]> {
    const inPlace: (ModelContent & { readonly since: number })[] = [];
    for (const model of this.#users.get(file) ?? []) {
      const blob = await this.#inPlace(commit, model);
      const since = blob === undefined ? undefined : this.#since(commit, model, blob);
      if (blob === undefined || since === undefined) continue;
      inPlace.push({ model, blob, since: model === posix.dirname(file) ? Infinity : since });
    }
    let last = -Infinity;
    const found: ModelContent[] = [];
    for (const { model, blob, since } of inPlace.sort((a, b) => b.since - a.since)) {
      if (since < last) break;
      const names = this.#files.metricsNamesOf(model, isTree(blob));
      const present = await filesAmong(this.#trees, commit, this.#prefix, names);
      if (names.find((name) => present.has(name)) !== file) continue;
      found.push({ model, blob });
      last = since;
    }
    return lastOfSeries(found);
  }

  async #inPlace(commit: string, model: ModelPath): Promise<string | undefined> {
    const folder = posix.dirname(model);
    const at = `${commit} ${folder}`;
    if (this.#folder.at !== at) {
      const entries = await folderAt(this.#trees, commit, this.#prefix, folder);
      this.#folder = { at, entries: new Map(entries.map((entry) => [entry.name, entry])) };
    }
    const entry = this.#folder.entries.get(posix.basename(model));
    return entry?.kind === 'folder' ? asBlob(entry.oid) : entry?.kind === 'file' ? entry.oid : undefined;
  }

  /** The commit that put a content in place; undefined where it was no model. */
  #since(commit: string, model: ModelPath, blob: string): number | undefined {
    const at = this.#orders.get(commit) ?? 0;
    const orders = (this.#pasts.get(model) ?? [])
      .filter((past) => past.blob === blob && past.order <= at)
      .map(({ order }) => order);
    return orders.length > 0 ? Math.max(...orders) : undefined;
  }
}

/** A training that writes a series overwrites the metrics that they share: after it they are those of the last one. */
function lastOfSeries(found: readonly ModelContent[]): readonly ModelContent[] {
  const last = new Map<string, ModelPath>();
  for (const { model } of found.toSorted((a, b) => compareInSeries(a.model, b.model)))
    last.set(seriesOf(posix.basename(model)), model);
  return found.filter(({ model }) => last.get(seriesOf(posix.basename(model))) === model);
}

/** A metrics file of the past that is broken stays so, and nobody can mend it: it counts as none. */
function tryParse(files: MetricsFiles, name: string, text: string): { metrics: Metrics; params: Params } {
  try {
    return files.parseMetrics(name, text);
  } catch (error) {
    if (!TrailError.is(error)) throw error;
    return { metrics: {}, params: {} };
  }
}
