import * as l10n from '@vscode/l10n';
import { messageOf, TrailError } from '../../core/errors.ts';
import type { Operation } from '../../core/operation.ts';
import type { GitVersion } from '../../core/versions.ts';
import type { HistoryCache } from '../../history/cache.ts';
import { departuresFrom, gitVersions, orderOf } from '../../history/lineage.ts';
import { type PlacedBlob, readRevision } from '../../history/revisions.ts';
import { scanHistory } from '../../history/scan.ts';
import { metricsGlobs, metricsNamesOf } from '../../metrics/beside.ts';
import { parseMetrics } from '../../metrics/metricsFile.ts';
import type { Problem } from '../api/models.ts';
import type { TrailContext } from '../context.ts';

export interface HistorySource {
  /** Shows what was found out before. */
  showKnown(): void;
  /** @returns whether anything was found out about Git's history. The rest works without Git: that it fails is a problem */
  read(operation: Operation): Promise<boolean>;
  /** What a model was at a commit that no local branch reaches; undefined where not all of it is on this machine. */
  readAt(place: PlacedBlob, operation: Operation): Promise<GitVersion | undefined>;
  /** What of Git's history could not be read the last time. */
  problems(): readonly Problem[];
}

/** The versions that Git knows. */
export function historySource(
  { root, git, gitPrefix: prefix, settings, catalogue }: TrailContext,
  history: HistoryCache,
): HistorySource {
  const options = { patterns: settings.include, prefix, metricsGlobs, metricsNamesOf, parseMetrics };
  let problem: string | undefined;
  let missing = 0;
  let isOver = false;

  function showKnown(): void {
    if (!settings.trusted) return;
    const snapshot = history.snapshot();
    catalogue.setHistory({
      isRead: snapshot.state !== undefined,
      isAwaited: git !== undefined && snapshot.state === undefined && !isOver,
      versions: (model) => gitVersions(snapshot, model),
      departures: (path) => departuresFrom(snapshot, path),
      orderOf: (commit) => orderOf(snapshot, commit),
      tracked: git?.sparse ? [] : (snapshot.state?.tracked ?? []),
      blob: (oid) => snapshot.blobs.get(oid),
    });
  }

  /** Differs when anything was found out. */
  const known = (): string =>
    JSON.stringify([
      history.state(),
      history.pendingBlobs().length,
      history.pendingMetrics().length,
      problem,
      missing,
    ]);

  return {
    showKnown,

    async read(operation) {
      if (!git) return false;
      const before = known();
      const wasAwaited = catalogue.isHistoryAwaited;
      try {
        ({ problem, missing } = await scanHistory(git, history, options, operation));
      } catch (error) {
        if (TrailError.is(error, 'cancelled')) throw error;
        problem = messageOf(error);
      } finally {
        isOver = true;
        showKnown();
      }
      return wasAwaited || known() !== before;
    },

    async readAt(place, operation) {
      if (!git) return undefined;
      try {
        return await readRevision(git, history, place, options, operation);
      } finally {
        showKnown();
      }
    },

    problems: () =>
      [
        missing > 0 ? notHere(missing) : undefined,
        problem && l10n.t('Versions in the Git history may be missing. {0}', problem),
      ]
        .filter((message) => message !== undefined)
        .map((message) => ({ path: root, message })),
  };
}

function notHere(versions: number): string {
  // Also in a clone that was made whole, and lost some since.
  const command = 'git fetch --refetch --no-filter';
  return versions === 1
    ? l10n.t(
        'A version in the Git history is not on this machine, so it does not show. Get it with: {0}',
        command,
      )
    : l10n.t(
        '{0} versions in the Git history are not on this machine, so they do not show. Get them with: {1}',
        versions,
        command,
      );
}
