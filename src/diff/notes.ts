import * as l10n from '@vscode/l10n';
import { displayText } from '../formats/displayText.ts';
import type { ModelSummary } from '../formats/summary.ts';
import { groupBy } from '../core/groupBy.ts';
import type { TensorEntry, TensorsDiff } from './tensorsDiff.ts';

/** What could not be compared and why, and what only seems to have changed. */
export function notesOf(
  a: ModelSummary,
  b: ModelSummary,
  { entries }: TensorsDiff,
  isCut: boolean,
): string[] {
  const notes = [];
  if (a.format === 'onnxData' && b.format === 'onnxData') {
    notes.push(
      l10n.t(
        'These are weights of an ONNX model. What they are called, and their types and shapes, is in the .onnx file beside them: compare versions of that.',
      ),
    );
  }
  if (!a.complete)
    notes.push(
      l10n.t('The first file could not be read as a whole: what is missing may be there all the same.'),
    );
  if (!b.complete)
    notes.push(
      l10n.t('The second file could not be read as a whole: what is missing may be there all the same.'),
    );
  if (isCut) notes.push(l10n.t('The graphs differ in more nodes than are listed.'));
  const withReason = entries.filter(({ reason }) => reason !== undefined);
  for (const [reason, group] of groupBy(withReason, ({ reason }) => reason ?? ''))
    notes.push(reasonText(reason, group));
  return notes;
}

/** On tensors that have one reason for what they are. */
function reasonText(reason: string, { length, 0: first }: readonly TensorEntry[]): string {
  const name = displayText(first?.b?.name ?? '');
  if (first?.comparedBy === 'numbers')
    return length === 1
      ? l10n.t('{0} changed in no number. {1}', name, reason)
      : l10n.t('{0} tensors changed in no number, {1} among them. {2}', length, name, reason);
  return length === 1
    ? l10n.t('{0} was not compared as numbers. {1}', name, reason)
    : l10n.t('{0} tensors were not compared as numbers, {1} among them. {2}', length, name, reason);
}
