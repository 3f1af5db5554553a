import * as l10n from '@vscode/l10n';
import { displayText } from '../displayText.ts';
import type { SummaryDraft } from '../summaryDraft.ts';
import { isObject, type Json } from './json.ts';

/** By the whole of the first word: `kerasx` is not Keras. */
const known: ReadonlySet<string> = new Set([
  'keras',
  'tf_keras',
  'tensorflow',
  'builtins',
  'keras_hub',
  'keras_nlp',
  'keras_cv',
]);
const maxNamed = 20;

/** Points out what makes Keras run code that comes with the file, or that it would look for elsewhere. */
export function findDangers(draft: SummaryDraft, config: Json, offset: number): void {
  const modules = new Set<string>();
  let hasLambda = false;
  const waiting: Json[] = [config];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (Array.isArray(value)) for (const item of value as readonly Json[]) waiting.push(item);
    else if (isObject(value)) {
      const { class_name: name, module } = value;
      if (name === 'Lambda' || name === '__lambda__') hasLambda = true;
      if (typeof name === 'string') {
        for (const place of [module, value['fn_module']]) {
          if (typeof place === 'string' && !known.has(place.split('.', 1)[0] ?? '')) modules.add(place);
        }
      }
      for (const item of Object.values(value)) waiting.push(item);
    }
  }
  if (hasLambda) {
    draft.findings.warning(
      l10n.t('A Lambda layer holds code, which runs when the model is loaded or used.'),
      offset,
    );
  }
  for (const module of [...modules].slice(0, maxNamed)) {
    const name = displayText(module);
    draft.findings.warning(l10n.t('The model needs "{0}", which does not belong to Keras.', name), offset);
  }
}
