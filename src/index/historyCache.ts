import type { ContentId, Params } from '../core/facts.ts';
import type {
  HistoryBlob,
  HistoryCache,
  HistoryLog,
  HistoryMetrics,
  HistoryState,
  ModelContent,
} from '../history/cache.ts';
import { decodeMetrics, encodeJson } from './json.ts';
import type { LocalIndex } from './localIndex.ts';

type Row = readonly (string | number | null)[];

/** What is known of Git history, kept in the local index. */
export function indexedHistoryCache(index: LocalIndex): HistoryCache {
  function insert({ commits, events, metricsChanges }: HistoryLog, state: HistoryState): void {
    index.write(
      'INSERT OR REPLACE INTO commits VALUES (?, ?, ?, ?, ?, ?)',
      commits.map(({ oid, order, time, author, subject }) => [
        oid,
        order,
        time,
        author.name,
        author.email ?? null,
        subject,
      ]),
    );
    index.write(
      'INSERT INTO events VALUES (?, ?, ?, ?)',
      events.map(({ commit, path, from, blob }) => [commit, path, from ?? null, blob ?? null]),
    );
    index.write(
      'INSERT OR IGNORE INTO git_metrics (commit_oid, path) VALUES (?, ?)',
      metricsChanges.map(({ commit, path }) => [commit, path]),
    );
    writeState(state);
  }

  function writeState(state: HistoryState): void {
    index.write("INSERT OR REPLACE INTO meta VALUES ('history', ?)", [[JSON.stringify(state)]]);
  }

  return {
    state() {
      const [row] = index.rows("SELECT value FROM meta WHERE key = 'history'");
      return row ? (JSON.parse(String(row[0])) as HistoryState) : undefined;
    },
    append(log, state) {
      index.change(() => insert(log, state));
    },
    replace(log, state) {
      index.change(() => {
        index.db.run('DELETE FROM commits; DELETE FROM events; DELETE FROM git_metrics;');
        insert(log, state);
      });
    },
    putState(state) {
      index.change(() => writeState(state));
    },
    renames: () =>
      index
        .rows('SELECT DISTINCT commit_oid FROM events WHERE from_path IS NOT NULL')
        .map(([commit]) => String(commit)),
    pendingBlobs: () =>
      index
        .rows(
          `SELECT e.blob FROM events e JOIN commits c ON c.oid = e.commit_oid LEFT JOIN blobs b ON b.oid = e.blob
           WHERE e.blob IS NOT NULL AND b.oid IS NULL GROUP BY e.blob ORDER BY max(c.ord) DESC`,
        )
        .map(([blob]) => String(blob)),
    putBlobs(blobs) {
      const rows = blobs.map(({ blob, id, size, lfs, files }): Row => [
        blob,
        id,
        size,
        lfs ? 1 : 0,
        files ?? null,
      ]);
      index.change(() => index.write('INSERT OR REPLACE INTO blobs VALUES (?, ?, ?, ?, ?)', rows));
    },
    pendingMetrics: () =>
      index
        .rows(
          `SELECT m.commit_oid, m.path FROM git_metrics m JOIN commits c ON c.oid = m.commit_oid
           WHERE m.contents IS NULL ORDER BY c.ord DESC`,
        )
        .map(([commit, path]) => ({ commit: String(commit), path: String(path) })),
    putMetrics(found) {
      const rows = found.map(({ commit, path, metrics, params, contents }): Row => [
        commit,
        path,
        encodeJson(metrics),
        encodeJson(params),
        JSON.stringify(contents),
      ]);
      index.change(() => index.write('INSERT OR REPLACE INTO git_metrics VALUES (?, ?, ?, ?, ?)', rows));
    },
    snapshot() {
      return {
        state: this.state(),
        commits: index
          .rows('SELECT oid, ord, time, name, email, subject FROM commits')
          .map(([oid, order, time, name, email, subject]) => ({
            oid: String(oid),
            order: Number(order),
            time: String(time),
            author: { name: String(name), email: email === null ? undefined : String(email) },
            subject: String(subject),
          })),
        events: index
          .rows('SELECT commit_oid, path, from_path, blob FROM events')
          .map(([commit, path, from, blob]) => ({
            commit: String(commit),
            path: String(path),
            from: from === null ? undefined : String(from),
            blob: blob === null ? undefined : String(blob),
          })),
        blobs: new Map(index.rows('SELECT oid, id, size, lfs, files FROM blobs').map(blobOf)),
        metrics: index
          .rows(
            'SELECT commit_oid, path, metrics, params, contents FROM git_metrics WHERE contents IS NOT NULL',
          )
          .map(metricsOf),
      };
    },
  };
}

function blobOf([oid, id, size, lfs, files]: Row): [string, HistoryBlob] {
  const blob = String(oid);
  return [
    blob,
    {
      blob,
      id: String(id) as ContentId,
      size: Number(size),
      lfs: lfs === 1,
      files: files === null ? undefined : Number(files),
    },
  ];
}

function metricsOf([commit, path, metrics, params, contents]: Row): HistoryMetrics {
  return {
    commit: String(commit),
    path: String(path),
    metrics: decodeMetrics(JSON.parse(String(metrics)) as Record<string, number | string>),
    params: JSON.parse(String(params)) as Params,
    contents: JSON.parse(String(contents)) as ModelContent[],
  };
}
