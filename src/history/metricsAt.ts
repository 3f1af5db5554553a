import { posix } from 'node:path';
import { TrailError } from '../core/errors.ts';
import { type Operation, throwIfCancelled } from '../core/operation.ts';
import type { Metrics, Params } from '../core/facts.ts';
import type { BlobReader } from './blobs.ts';
import type { HistoryCache, HistoryMetrics, HistoryPlace } from './cache.ts';
import { localObjects } from './contents.ts';
import type { Git } from './git.ts';

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

const maxTreeBytes = 2 ** 24;
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
  for (const place of places) {
    throwIfCancelled(operation);
    // The folder as Git keeps it tells at once which of the names are there.
    const at = `${place.commit}:${posix.dirname(prefix + place.path).replace(/^\.$/, '')}`;
    if (at !== folder) {
      folder = at;
      // The process is asked by lines. A folder with a newline in its name has no metrics.
      const tree = at.includes('\n') ? undefined : await reader.small(at, maxTreeBytes);
      entries = tree ? parseTree(tree, place.commit.length / 2) : new Map();
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

/** The files in a tree object: `<mode> <name>\0<oid>` again and again. @returns blobs by name */
function parseTree(tree: Buffer, oidBytes: number): Map<string, string> {
  const entries = new Map<string, string>();
  for (let at = 0; at < tree.length;) {
    const space = tree.indexOf(0x20, at);
    const end = tree.indexOf(0, space);
    if (space === -1 || end === -1) break;
    const next = end + 1 + oidBytes;
    if (tree.toString('latin1', at, space).startsWith('100')) {
      entries.set(tree.toString('utf8', space + 1, end), tree.toString('hex', end + 1, next));
    }
    at = next;
  }
  return entries;
}
