import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { writeCache } from '../../files/safeWrite.ts';
import { decodeMetrics, encodeJson } from '../../index/json.ts';
import type { ModelRow } from '../api/models.ts';
import type { TrailContext } from '../context.ts';
import { commonDirAround, findRoot, indexName, storeFolder } from '../root.ts';
import type { TrailSettings } from '../settings.ts';

/** Raised whenever a row is written in another way: what was kept before is then passed over. */
const formatVersion = 3;

interface Kept {
  readonly formatVersion: number;
  readonly settings: Pick<TrailSettings, 'include' | 'exclude' | 'trusted'>;
  readonly rows: readonly ModelRow[];
}

/** The models of a trail as they were when it was last looked at. */
export interface FirstRows {
  readonly root: string;
  readonly rows: readonly ModelRow[];
}

/**
 * What there is to show of a folder before its trail is open: a small file of its own, found and read without Git and the index. A cache:
 * undefined when it is not there or of no use.
 */
export async function readFirstRows(folder: string, settings: TrailSettings): Promise<FirstRows | undefined> {
  try {
    const root = await findRoot(folder);
    const store = storeFolder(root, await commonDirAround(root));
    const kept = JSON.parse(await readFile(fileOf(store, root), 'utf8')) as Kept;
    if (kept.formatVersion !== formatVersion || !isDeepStrictEqual(kept.settings, shown(settings)))
      return undefined;
    return { root, rows: kept.rows.map(revived) };
  } catch {
    return undefined;
  }
}

/** @throws TrailError `io` */
export async function keepFirstRows(
  { root, settings, storeFolder: store }: TrailContext,
  rows: readonly ModelRow[],
): Promise<void> {
  const kept: Kept = { formatVersion, settings: shown(settings), rows };
  const json = encodeJson(kept);
  const file = fileOf(store, root);
  const before = await readFile(file, 'utf8').catch(() => undefined);
  if (json !== before) await writeCache(file, json);
}

function revived(row: ModelRow): ModelRow {
  const { latest, metricsBefore } = row;
  return {
    ...row,
    latest: latest && { ...latest, metrics: decodeMetrics(latest.metrics) },
    metricsBefore: metricsBefore && decodeMetrics(metricsBefore),
  };
}

function shown({ include, exclude, trusted }: TrailSettings): Kept['settings'] {
  return { include, exclude, trusted };
}

function fileOf(store: string, root: string): string {
  return path.join(store, indexName(root).replace(/\.sqlite$/, '.rows.json'));
}
