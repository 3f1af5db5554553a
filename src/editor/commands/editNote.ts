import * as vscode from 'vscode';
import { versionName } from '../../core/versions.ts';
import { type Command, requireTrust } from './context.ts';
import { pickVersion } from './pick.ts';

export const editNote: Command = async ({ trails }, target) => {
  requireTrust();
  const chosen = await pickVersion(trails, target, vscode.l10n.t('Edit Note'));
  if (!chosen) return;
  const { trail, path, version } = chosen;
  const note = await vscode.window.showInputBox({
    title: vscode.l10n.t('Note on {0} of {1}', versionName(version), path),
    prompt: vscode.l10n.t('Leave it empty to remove the note.'),
    value: version.note,
    ignoreFocusOut: true,
  });
  if (note === undefined || note.trim() === (version.note ?? '')) return;
  await trail.api.note({ model: path, version: version.id }, note.trim());
};
