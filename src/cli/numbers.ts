import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';

/** The value of an option that takes a number. @throws TrailError `usage` */
export function wholeNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new TrailError('usage', l10n.t('{0} takes a whole number, not "{1}".', option, text));
}
