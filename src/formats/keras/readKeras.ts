import * as l10n from '@vscode/l10n';
import { ByteCursor, Malformed } from '../byteCursor.ts';
import { displayText } from '../displayText.ts';
import { readContents } from '../hdf5/walk.ts';
import { countParameters } from '../parameters.ts';
import type { RandomAccess } from '../randomAccess.ts';
import type { ReadContext } from '../readers.ts';
import type { ModelSummary } from '../summary.ts';
import { summarize, type SummaryDraft } from '../summaryDraft.ts';
import type { ZipEntry } from '../zip.ts';
import { openZip, type ZipFile } from '../zipFile.ts';
import { maxJson, parseConfig, readSettings } from './config.ts';
import { findDangers } from './dangers.ts';
import { settingText, type JsonObject } from './json.ts';
import { readLayers } from './layers.ts';
import { holdsQuantized } from './quantized.ts';
import { modelVariables, nameVariables, toldApart } from './variables.ts';

/** Reads a model of Keras: its layers and settings, and its weights, which are in a file of HDF5 within. */
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
      readSettings(draft, config['compile_config']);
      findDangers(draft, config, zip.entries.get('config.json')?.headerOffset ?? 0);
    }
    for (const entry of zip.entries.values()) {
      if (read.has(entry.name) || entry.name.endsWith('/')) continue;
      if (/^[^/]*\.weights\.h5$/.test(entry.name))
        await readWeights(draft, zip, entry, access, context, config);
      else {
        draft.notRead(l10n.t('The part "{0}" is not read.', displayText(entry.name)), entry.headerOffset);
      }
    }
    if (!holdsQuantized(config)) draft.parameters = countParameters(modelVariables(draft.tensors));
  });
}

const read: ReadonlySet<string> = new Set(['metadata.json', 'config.json']);

async function readJson(draft: SummaryDraft, zip: ZipFile, name: string): Promise<JsonObject | undefined> {
  const entry = zip.entries.get(name);
  if (!entry) {
    draft.damaged(l10n.t('The archive has no {0}.', name), 0);
    return undefined;
  }
  return parseConfig(draft, await zip.head(entry, maxJson + 1), entry.headerOffset);
}

/** Keras stores the weights as they are, so that the elements of a tensor are a range of the whole file. */
async function readWeights(
  draft: SummaryDraft,
  zip: ZipFile,
  entry: ZipEntry,
  access: RandomAccess,
  { signal }: ReadContext,
  config: JsonObject | undefined,
): Promise<void> {
  const name = displayText(entry.name);
  try {
    const start = await zip.dataStart(entry);
    if (start === undefined) {
      return draft.notRead(l10n.t('The part "{0}" is not read.', name), entry.headerOffset);
    }
    const part = { start, size: entry.compressedSize };
    const cursor = new ByteCursor(access, signal);
    draft.addTensors(toldApart(nameVariables(await readContents(draft, cursor, part), config)));
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    draft.damaged(error.message || l10n.t('The part "{0}" cannot be read.', name), entry.headerOffset);
  }
}
