import * as l10n from '@vscode/l10n';
import type { KeepDecision, KeepReason, Place } from '../../core/keepRules.ts';

/** Adds why a version stays, in a few words for each reason. */
export function explained<T extends KeepDecision>(decision: T): T & { readonly why: readonly string[] } {
  return { ...decision, why: decision.reasons.map(reasonText) };
}

function reasonText(reason: KeepReason): string {
  switch (reason.kind) {
    case 'last':
      return l10n.t('one of the newest');
    case 'recent':
      return l10n.t('recent');
    case 'tagged':
      return l10n.t('tagged');
    case 'staged':
      return l10n.t('has a stage');
    case 'best':
      return l10n.t('best by {0}', reason.metric);
    case 'inUse':
      return l10n.t('in use');
    case 'taggedElsewhere':
      return l10n.t('tagged {0} {1}', reason.name, placeText(reason.where));
    case 'stagedElsewhere':
      return l10n.t('in {0} {1}', reason.name, placeText(reason.where));
    case 'inUseElsewhere':
      return l10n.t('in use {0}', placeText(reason.where));
    case 'unknown':
      return l10n.t('maybe needed by what cannot be read');
  }
}

function placeText(where: Place): string {
  return 'ref' in where ? l10n.t('on {0}', where.ref) : l10n.t('in the folder {0}', where.folder);
}
