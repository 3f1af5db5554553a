import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { messageOf, TrailError } from '../core/errors.ts';
import type { Fact } from '../core/facts.ts';
import { checkFact } from './factSchema.ts';

/** The text of a fact's file. Its name is the fact's id. */

const formatVersion = 1;
export const maxFactBytes = 1 << 20;

const envelope = v.looseObject({ modeltrail: v.number(), kind: v.string() });

/** @throws TrailError `usage` when the fact is not one that could be read again */
export function formatFact(fact: Fact): string {
  const { id, ...rest } = fact;
  const text = `${JSON.stringify({ modeltrail: formatVersion, ...rest }, spellNumber, 2)}\n`;
  if (Buffer.byteLength(text) > maxFactBytes) {
    throw new TrailError('usage', l10n.t('This is too long to be recorded: more than 1 MB of text.'));
  }
  try {
    parseFact(id, text);
  } catch (error) {
    throw new TrailError('usage', l10n.t('This cannot be recorded. {0}', messageOf(error)), { cause: error });
  }
  return text;
}

/** JSON has no words for these numbers, and would write null. */
function spellNumber(_key: string, value: unknown): unknown {
  if (typeof value !== 'number' || Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return 'nan';
  return value > 0 ? 'inf' : '-inf';
}

/**
 * The fact that a file holds; undefined for a kind that this version does not know.
 * @throws TrailError `damaged`
 */
export function parseFact(id: string, text: string): Fact | undefined {
  const damaged = (what: string) => new TrailError('damaged', l10n.t('Not a valid entry: {0}', what));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw damaged(messageOf(error));
  }
  const { success, output } = v.safeParse(envelope, value);
  if (!success) throw damaged(l10n.t('it does not say what it is'));
  if (output.modeltrail > formatVersion) {
    throw new TrailError(
      'damaged',
      l10n.t('This entry was written by a newer version of Modeltrail. Update to read it.'),
    );
  }
  const checked = checkFact({ ...output, id });
  if (checked && 'problem' in checked) throw damaged(checked.problem);
  return checked;
}
