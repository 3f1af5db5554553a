import * as vscode from 'vscode';
import { versionName } from '../../core/versions.ts';
import { runLong } from '../longOperation.ts';
import { baseName } from '../text.ts';
import { type Command, requireTrust } from './context.ts';
import { pickVersion } from './pick.ts';

export const saveVersionAs: Command = async ({ trails }, target) => {
  requireTrust();
  const chosen = await pickVersion(trails, target, vscode.l10n.t('Save Version As'));
  if (!chosen) return;
  const { trail, path, version } = chosen;
  const name = versionName(version);
  const uri = trail.uri(path);
  const file = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save {0} of {1}', name, path),
    defaultUri: uri.with({ path: uri.path.replace(/(\.[^./]*)?$/, `.${name}$1`) }),
  });
  if (!file) return;
  await runLong(vscode.l10n.t('Saving {0} of {1}', name, baseName(path)), (operation) =>
    trail.api.saveAs({ model: path, version: version.id }, file.fsPath, operation),
  );
};
