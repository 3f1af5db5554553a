import * as vscode from 'vscode';
import type { ModelNode } from './nodes.ts';

/** What a filter leaves of all versions; undefined where none is on. */
export function filterMessage(filter: string, models: readonly ModelNode[]): string | undefined {
  if (filter === '') return undefined;
  const total = models.reduce((sum, { row }) => sum + row.versions, 0);
  const matching = models.reduce((sum, { matching = 0 }) => sum + matching, 0);
  if (matching > 0) return vscode.l10n.t('{0} of {1} versions: {2}', matching, total, filter);
  return vscode.l10n.t(
    'None of {0} versions fits the filter: {1}. "Clear Filter" in the title of this view shows all of them.',
    total,
    filter,
  );
}
