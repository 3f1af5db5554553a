import * as l10n from '@vscode/l10n';
import type { TensorEntry, TensorSide } from '../../diff/tensorsDiff.ts';
import { shapeText } from '../format.ts';

export function statusWord({ status, renamed, reshaped, frozen }: TensorEntry): string {
  if (status === 'added') return l10n.t('added');
  if (status === 'removed') return l10n.t('removed');
  if (status === 'changed') return reshaped ? l10n.t('reshaped') : l10n.t('changed');
  if (status === 'unknown') return l10n.t('not compared');
  if (renamed && renamed !== 'prefix') return l10n.t('renamed');
  return frozen ? l10n.t('frozen') : l10n.t('the same');
}

/** Type and shape in one. */
export function kindText({ dtype, shape, quantizer = '' }: TensorSide): string {
  return `${dtype} ${shapeText(shape, l10n.t('scalar'))} ${quantizer}`.trim();
}

/** Of what differs before and after, otherwise of one. */
export function kindChange({ a, b }: TensorEntry): string {
  const [before, after] = [a && kindText(a), b && kindText(b)];
  if (before !== undefined && after !== undefined && before !== after) return `${before} → ${after}`;
  return after ?? before ?? '';
}
