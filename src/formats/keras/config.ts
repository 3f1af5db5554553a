import * as l10n from '@vscode/l10n';
import { JsonCursor } from '../jsonCursor.ts';
import type { SummaryDraft } from '../summaryDraft.ts';
import { isObject, settingText, stringOf, type Json, type JsonObject } from './json.ts';

/** Of JSON, which takes several times as much once it is read. */
export const maxJson = 8 * 2 ** 20;
const maxItems = 300_000;

/**
 * Parses what must be an object; anything else becomes a finding.
 * @param offset of the JSON in the file
 * @throws JsonError, JsonTooLong
 */
export function parseConfig(draft: SummaryDraft, bytes: Uint8Array, offset: number): JsonObject | undefined {
  if (bytes.length > maxJson) {
    draft.notRead(l10n.t('The file is too large to be read: {0} bytes of JSON.', bytes.length), offset);
    return undefined;
  }
  // Not too deep and not too much, before anything is made of it.
  const cursor = new JsonCursor(bytes, maxItems);
  cursor.skipValue();
  cursor.skipSpace();
  const value = cursor.atEnd ? (JSON.parse(Buffer.from(bytes).toString()) as Json) : undefined;
  if (isObject(value)) return value;
  draft.damaged(l10n.t('What should be JSON is not valid.'), offset);
  return undefined;
}

/** How the model was compiled: its optimizer with every setting, its loss, its metrics. */
export function readSettings(draft: SummaryDraft, compiled: Json | undefined): void {
  if (!isObject(compiled)) return;
  const set = (name: string, value: Json): void => {
    draft.count();
    const plain = typeof value === 'number' || typeof value === 'boolean' || value === null;
    draft.hyperparameters.set(name, plain ? value : settingText(value));
  };
  for (const [written, value] of Object.entries(compiled)) {
    // As older files call it.
    const key = written === 'optimizer_config' ? 'optimizer' : written;
    const config = isObject(value) && isObject(value['config']) ? value['config'] : undefined;
    // Keras 2 puts optimizers in a package of that name.
    const name = isObject(value) ? stringOf(value['class_name'])?.replace(/^Custom>/, '') : undefined;
    if (!config || name === undefined) {
      set(key, value);
      continue;
    }
    set(key, name);
    for (const [setting, inner] of Object.entries(config)) set(`${key}__${setting}`, inner);
  }
}
