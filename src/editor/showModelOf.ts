import * as vscode from 'vscode';
import type { VersionNode, WorkingNode } from './nodes.ts';

/** Beside what was clicked, for who goes on from row to row. */
export const keepingFocus = 'keepingFocus';

/** What a click on the row of a version or a working copy does. */
export function showModelOf(node: VersionNode | WorkingNode): vscode.Command {
  return {
    command: 'modeltrail.showModel',
    title: vscode.l10n.t('Show Model'),
    arguments: [node, keepingFocus],
  };
}
