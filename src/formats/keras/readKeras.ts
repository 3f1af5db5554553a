import * as l10n from '@vscode/l10n';
import { displayText } from '../displayText.ts';
import { JsonCursor } from '../jsonCursor.ts';
import type { RandomAccess } from '../randomAccess.ts';
import type { ReadContext } from '../readers.ts';
import type { ModelSummary } from '../summary.ts';
import { summarize, type SummaryDraft } from '../summaryDraft.ts';
import type { ZipEntry } from '../zip.ts';
import { openZip, type ZipFile } from '../zipFile.ts';
import { findDangers } from './dangers.ts';
import { isObject, settingText, stringOf, type Json, type JsonObject } from './json.ts';
import { readLayers } from './layers.ts';

/** Of JSON, which takes several times as much once it is read. */
const maxJson = 8 * 2 ** 20;
const maxItems = 300_000;

/** Reads the layers and settings of a Keras model; the weights are in a file of HDF5 within, which is not read here. */
export async function readKeras(access: RandomAccess, context: ReadContext): Promise<ModelSummary> {
  return summarize('keras', access, context, async (draft, cursor) => {
    const zip = await openZip(access, cursor, draft, context.signal);
    const metadata = await readJson(draft, zip, 'metadata.json');
    for (const [key, value] of Object.entries(metadata ?? {})) {
      draft.count();
      if (key === 'keras_version') draft.producer = `Keras ${settingText(value)}`;
      else draft.metadata.set(key, settingText(value));
    }
    const config = await readJson(draft, zip, 'config.json');
    if (config) {
      draft.graph = readLayers(draft, config);
      readSettings(draft, config);
      findDangers(draft, config, zip.entries.get('config.json')?.headerOffset ?? 0);
    }
    for (const entry of zip.entries.values()) notRead(draft, entry);
  });
}

async function readJson(draft: SummaryDraft, zip: ZipFile, name: string): Promise<JsonObject | undefined> {
  const entry = zip.entries.get(name);
  if (!entry) {
    draft.damaged(l10n.t('The archive has no {0}.', name), 0);
    return undefined;
  }
  const bytes = await zip.head(entry, maxJson + 1);
  if (bytes.length > maxJson) {
    draft.notRead(
      l10n.t('The file is too large to be read: {0} bytes of JSON.', entry.size),
      entry.headerOffset,
    );
    return undefined;
  }
  // Not too deep and not too much, before anything is made of it.
  const cursor = new JsonCursor(bytes, maxItems);
  cursor.skipValue();
  cursor.skipSpace();
  const value = cursor.atEnd ? (JSON.parse(Buffer.from(bytes).toString()) as Json) : undefined;
  if (isObject(value)) return value;
  draft.damaged(l10n.t('What should be JSON is not valid.'), entry.headerOffset);
  return undefined;
}

/** How the model was compiled: its optimizer with every setting, its loss, its metrics. */
function readSettings(draft: SummaryDraft, { compile_config: compiled }: JsonObject): void {
  if (!isObject(compiled)) return;
  const set = (name: string, value: Json): void => {
    draft.count();
    const plain = typeof value === 'number' || typeof value === 'boolean' || value === null;
    draft.hyperparameters.set(name, plain ? value : settingText(value));
  };
  for (const [key, value] of Object.entries(compiled)) {
    const config = isObject(value) && isObject(value['config']) ? value['config'] : undefined;
    const name = isObject(value) ? stringOf(value['class_name']) : undefined;
    if (!config || name === undefined) {
      set(key, value);
      continue;
    }
    set(key, name);
    for (const [setting, inner] of Object.entries(config)) set(`${key}__${setting}`, inner);
  }
}

const read: ReadonlySet<string> = new Set(['metadata.json', 'config.json']);

function notRead(draft: SummaryDraft, { name, headerOffset }: ZipEntry): void {
  if (read.has(name) || name.endsWith('/')) return;
  draft.notRead(l10n.t('The part "{0}" is not read.', displayText(name)), headerOffset);
}
