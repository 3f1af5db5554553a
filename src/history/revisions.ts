import { join } from 'node:path';
import { anyOf, insideAny } from '../core/globs.ts';
import type { Operation } from '../core/operation.ts';
import type { GitVersion } from '../core/versions.ts';
import { BlobReader } from './blobs.ts';
import { type HistoryCache, type HistoryPlace, memoryHistoryCache } from './cache.ts';
import { numberCommits } from './commitOrder.ts';
import { readContents } from './contents.ts';
import { readDirectories } from './directories.ts';
import type { Git } from './git.ts';
import { gitVersions } from './lineage.ts';
import { readLog, withinPrefix } from './log.ts';
import { readMetricsAt } from './metricsAt.ts';
import { metricsChanges } from './metricsChanges.ts';
import type { ScanOptions } from './scan.ts';
import { isTree } from './trees.ts';

/** What is at a path at a commit. */
export interface PlacedBlob extends HistoryPlace {
  /** As in {@link HistoryBlob}. */
  readonly blob: string;
}

/**
 * The content at a path at a commit that the log does not reach. The cache keeps what the blobs are, so that none is read twice.
 * @returns undefined where not all of it is on this machine. @throws TrailError `cancelled`, `io`
 */
export async function readRevision(
  git: Git,
  cache: HistoryCache,
  { commit, path, blob }: PlacedBlob,
  options: Omit<ScanOptions, 'patterns'>,
  operation: Operation,
): Promise<GitVersion | undefined> {
  const { signal } = operation;
  const { prefix } = options;
  const { blobs, state } = cache.snapshot();
  const alone = memoryHistoryCache();
  alone.putBlobs([...blobs.values()]);
  const reader = new BlobReader(git, signal);
  try {
    const isInModel = insideAny([path]);
    const isMetricsFile = anyOf(options.metricsGlobs, { nocase: true });
    const request = {
      folder: join(git.topLevel, prefix),
      prefix,
      pathspecs: withinPrefix(prefix),
      isWanted: (file: string) => isInModel(file) || isMetricsFile(file),
      signal,
    };
    const log = await readLog(git, request, { tips: [commit], known: state?.tips ?? [] });
    // The newest of those that touched it made it what it is there; later ones may tell its metrics.
    const oid = log.events.findLast((event) => isInModel(event.path))?.commit;
    const since = log.commits.findIndex((one) => one.oid === oid);
    if (oid === undefined || since < 0) return undefined;
    const commits = await numberCommits(log.commits.slice(since), state?.lastOrder ?? 0, reader);
    const late = new Set(commits.map((one) => one.oid));
    const events = [{ commit: oid, path, blob }];
    const changes = log.events.filter((event) => late.has(event.commit));
    const found = { commits, events: [], changes, before: events };
    alone.replace(
      { commits, events, metricsChanges: await metricsChanges(found, prefix, options, reader) },
      {
        tips: [],
        scope: '',
        lastOrder: commits.at(-1)?.order ?? 0,
        newest: 0,
        directories: [],
        ends: state?.ends ?? [],
      },
    );
    const wanted = alone.pendingBlobs().filter((one) => !isTree(one));
    await readContents(git, alone, reader, wanted, operation);
    await readDirectories(git, alone, reader, operation);
    await readMetricsAt(git, alone, reader, prefix, options, operation);
    return gitVersions(alone.snapshot(), path)[0];
  } finally {
    cache.putBlobs([...alone.snapshot().blobs.values()].filter((known) => !blobs.has(known.blob)));
    reader.dispose();
  }
}
