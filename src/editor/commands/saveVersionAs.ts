import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { TrailError } from '../../core/errors.ts';
import type { Operation } from '../../core/operation.ts';
import { versionName } from '../../core/versions.ts';
import { runLong } from '../longOperation.ts';
import type { VersionRef } from '../openTrail.ts';
import { baseName, listOrCount } from '../text.ts';
import { type Command, confirm, requireTrust } from './context.ts';
import { pickVersion } from './pick.ts';

export const saveVersionAs: Command = async ({ trails }, target) => {
  requireTrust();
  const chosen = await pickVersion(trails, target, vscode.l10n.t('Save Version As'));
  if (!chosen) return;
  const { trail, path, version } = chosen;
  const name = versionName(version);
  const saved = { model: path, version: version.id };
  const model = baseName(path);
  const looking = vscode.l10n.t('Looking for the bytes of {0} of {1}', name, model);
  const file = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save {0} of {1}', name, path),
    defaultUri: await runLong(looking, (operation) => defaultPlace(chosen, operation)),
  });
  if (!file) return;
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

/**
 * Beside the model; where the weights of an ONNX model would be in place of others there, in the nearest folder above it in which nothing is
 * in their way, else in the user's own.
 */
async function defaultPlace({ trail, path, version }: VersionRef, operation: Operation): Promise<vscode.Uri> {
  const name = baseName(path).replace(/(\.[^.]*)?$/, `.${versionName(version)}$1`);
  const isOnnx = /\.onnx$/i.test(path);
  let folder = vscode.Uri.joinPath(trail.uri(path), '..');
  while (vscode.workspace.getWorkspaceFolder(folder)) {
    const place = vscode.Uri.joinPath(folder, name);
    if (!isOnnx || (await isFree(place))) return place;
    folder = vscode.Uri.joinPath(folder, '..');
  }
  return vscode.Uri.joinPath(vscode.Uri.file(homedir()), name);

  async function isFree({ fsPath }: vscode.Uri): Promise<boolean> {
    try {
      const { overwrites } = await trail.api.planSaveAs(
        { model: path, version: version.id },
        fsPath,
        operation,
      );
      return overwrites.length === 0;
    } catch (error) {
      if (TrailError.is(error, 'refused')) return false;
      throw error;
    }
  }
}
