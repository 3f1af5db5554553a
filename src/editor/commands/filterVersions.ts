import * as vscode from 'vscode';
import { messageOf } from '../../core/errors.ts';
import { parseFilter } from '../../core/versionFilter.ts';
import type { Command } from './context.ts';

export const filterVersions: Command = async ({ filter }) => {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Filter Versions'),
    prompt: vscode.l10n.t(
      'Words that must all hold: a text, tag:, stage:, source: or model: with a name, or a comparison such as f1>0.9. A - before a word means not. Leave it empty to see all versions.',
    ),
    placeHolder: 'stage:production f1>0.9 -tag:old',
    value: filter.text,
    validateInput: problemIn,
    ignoreFocusOut: true,
  });
  if (text === undefined) return;
  // Only rows that are visible can be opened.
  await vscode.commands.executeCommand('modeltrail.models.focus');
  filter.set(text);
};

export const clearFilter: Command = async ({ filter }) => filter.set('');

function problemIn(text: string): string | undefined {
  try {
    parseFilter(text);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
