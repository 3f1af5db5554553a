import * as l10n from '@vscode/l10n';

export function sortWords() {
  return { up: l10n.t('Sorted, smallest first'), down: l10n.t('Sorted, largest first') };
}

export function nothingMatches(filter: string): string {
  return l10n.t('Nothing here has “{0}” in it.', filter);
}

/** The words of a filter, all of which are to be found. */
export function termsOf(filter: string): string[] {
  return filter.toLowerCase().split(/\s+/).filter(Boolean);
}
