import { posix } from 'node:path';
import { TrailError } from '../core/errors.ts';
import { type Operation, throwIfCancelled } from '../core/operation.ts';
import type { Metrics, Params } from '../core/facts.ts';
import type { BlobReader } from './blobs.ts';
import type { HistoryCache, HistoryMetrics, HistoryPlace } from './cache.ts';
import { localObjects } from './contents.ts';
import type { Git } from './git.ts';
import { Trees } from './trees.ts';

export interface MetricsFiles {
  /** Paths of the files in a model's folder that may hold its metrics, the strongest first. */
  readonly metricsNames: (model: string) => readonly string[];
  /** @throws TrailError when the text cannot be understood */
  readonly parseMetrics: (
    name: string,
    text: string,
  ) => { readonly metrics: Metrics; readonly params: Params };
}

interface FoundFile extends HistoryPlace {
  readonly file?: { readonly name: string; readonly blob: string };
}

const maxFileBytes = 2 ** 20;
const keptCount = 500;

/** Reads the metrics file that was beside each model at each commit that touched it. */
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
  const found: FoundFile[] = [];
  let folder = '';
  let entries: ReadonlyMap<string, string> = new Map();
  const trees = new Trees(reader);
  for (const place of places) {
    throwIfCancelled(operation);
    // The folder as Git keeps it tells at once which of the names are there.
    const at = `${place.commit}:${posix.dirname(prefix + place.path).replace(/^\.$/, '')}`;
    if (at !== folder) {
      folder = at;
      const tree = await trees.read(at);
      entries = new Map(tree?.flatMap(({ name, kind, oid }) => (kind === 'file' ? [[name, oid]] : [])));
    }
    const name = files
      .metricsNames(place.path)
      .map((file) => posix.basename(file))
      .find((name) => entries.has(name));
    found.push({ ...place, file: name === undefined ? undefined : { name, blob: entries.get(name) ?? '' } });
  }

  const blobs = new Set(found.flatMap(({ file }) => file?.blob ?? []));
  const here = new Set(await localObjects(git, [...blobs], operation.signal));
  const parsed = new Map<string, { metrics: Metrics; params: Params }>();
  let known: HistoryMetrics[] = [];
  try {
    for (const { commit, path, file } of found) {
      throwIfCancelled(operation);
      if (file && !here.has(file.blob)) continue;
      const key = file ? `${file.blob} ${file.name}` : '';
      let values = parsed.get(key) ?? { metrics: {}, params: {} };
      if (file && !parsed.has(key)) {
        const text = await reader.small(file.blob, maxFileBytes);
        if (text) values = tryParse(files, file.name, text.toString('utf8'));
        parsed.set(key, values);
      }
      known.push({ commit, path, metrics: values.metrics, params: values.params });
      if (known.length < keptCount) continue;
      cache.putMetrics(known);
      known = [];
    }
  } finally {
    cache.putMetrics(known);
  }
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
