import { JsonCursor } from './jsonCursor.ts';
import type { SummaryDraft } from './summaryDraft.ts';
import { settingOf } from './trees.ts';

const maxItems = 100_000;
const maxDepth = 32;

/**
 * Takes settings that are kept as JSON as hyper-parameters, nested ones under `outer__inner`; lists stay JSON.
 * @throws JsonError, JsonTooLong
 */
export function flattenSettings(draft: SummaryDraft, json: string): void {
  const bytes = Buffer.from(json);
  const cursor = new JsonCursor(bytes, maxItems);
  const visit = (name: string, depth: number): void => {
    const kind = cursor.peek();
    const start = cursor.offset;
    if (kind === 'object' && depth < maxDepth) {
      return cursor.object((key) => visit(name === '' ? key : `${name}__${key}`, depth + 1));
    }
    draft.count();
    if (kind === 'string') draft.hyperparameters.set(name, cursor.string());
    else if (kind === 'number') draft.hyperparameters.set(name, settingOf(cursor.number()));
    else {
      cursor.skipValue();
      const text = bytes.toString('utf8', start, cursor.offset);
      const word = words.get(text);
      draft.hyperparameters.set(name, word === undefined ? text : word);
    }
  };
  visit('', 0);
}

const words: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);
