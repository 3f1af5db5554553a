import * as vscode from 'vscode';
import { versionName } from '../../core/versions.ts';
import { runLong } from '../longOperation.ts';
import { baseName, listOrCount } from '../text.ts';
import { type Command, confirm, requireTrust } from './context.ts';
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
  const saved = { model: path, version: version.id };
  const model = baseName(path);
  const looking = vscode.l10n.t('Looking for the bytes of {0} of {1}', name, model);
  const { overwrites: overwrite } = await runLong(looking, (operation) =>
    trail.api.planSaveAs(saved, file.fsPath, operation),
  );
  if (overwrite.length > 0) {
    const question = vscode.l10n.t(
      '{0} of {1} has its weights in files beside it, where there are others already: {2}. Overwrite them?',
      name,
      model,
      listOrCount(overwrite, (count) => vscode.l10n.t('{0} files', count)),
    );
    if (!(await confirm(question, vscode.l10n.t('Overwrite')))) return;
  }
  const { unsaved } = await runLong(vscode.l10n.t('Saving {0} of {1}', name, model), (operation) =>
    trail.api.saveAs({ ...saved, overwrite }, file.fsPath, operation),
  );
  if (unsaved !== undefined) {
    const done = vscode.l10n.t('{0} was saved.', baseName(file.path));
    void vscode.window.showWarningMessage(`${done} ${unsaved}`);
  }
};
