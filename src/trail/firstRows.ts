import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { writeDurably } from '../files/safeWrite.ts';
import { decodeMetrics, encodeJson } from '../index/json.ts';
import type { ModelRow } from './api/models.ts';
import type { TrailSettings } from './settings.ts';
import type { TrailContext } from './context.ts';
import { indexName } from './root.ts';

/** Raised whenever a row is written in another way: what was kept before is then passed over. */
const formatVersion = 1;

interface Kept {
  readonly formatVersion: number;
  readonly settings: Pick<TrailSettings, 'include' | 'exclude'>;
  readonly rows: readonly ModelRow[];
}

/**
 * The models as they were when the trail was last looked at, in a small file of its own: something to show while the journal, the folder
 * and the index are read. A cache: undefined when it is not there or of no use.
 */
export async function readFirstRows(context: TrailContext): Promise<readonly ModelRow[] | undefined> {
  try {
    const kept = JSON.parse(await readFile(fileOf(context), 'utf8')) as Kept;
    if (kept.formatVersion !== formatVersion || !isDeepStrictEqual(kept.settings, settingsOf(context)))
      return undefined;
    return kept.rows.map(revived);
  } catch {
    return undefined;
  }
}

/** @throws TrailError `io` */
export async function keepFirstRows(context: TrailContext, rows: readonly ModelRow[]): Promise<void> {
  const kept: Kept = { formatVersion, settings: settingsOf(context), rows };
  const json = encodeJson(kept);
  const before = await readFile(fileOf(context), 'utf8').catch(() => undefined);
  if (json !== before) await writeDurably(fileOf(context), json);
}

function revived(row: ModelRow): ModelRow {
  const { latest } = row;
  return latest ? { ...row, latest: { ...latest, metrics: decodeMetrics(latest.metrics) } } : row;
}

function settingsOf({ settings: { include, exclude } }: TrailContext): Kept['settings'] {
  return { include, exclude };
}

function fileOf({ storeFolder, root }: TrailContext): string {
  return path.join(storeFolder, indexName(root).replace(/\.sqlite$/, '.rows.json'));
}
