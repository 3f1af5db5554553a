import * as vscode from 'vscode';
import { versionName } from '../../core/versions.ts';
import type { RecordResult } from '../../trail/api/changes.ts';
import { runLong } from '../longOperation.ts';
import { baseName, listOf } from '../text.ts';
import { type Command, requireTrust } from './context.ts';
import { pickModel } from './pick.ts';

export const recordVersion: Command = async ({ trails }, target) => {
  requireTrust();
  const model = await pickModel(trails, target, vscode.l10n.t('Record Version'));
  if (!model) return;
  const { trail, path } = model;
  const message = await vscode.window.showInputBox({
    title: vscode.l10n.t('Record a version of {0}', path),
    prompt: vscode.l10n.t('What did you try? The metrics beside the model are picked up.'),
    placeHolder: vscode.l10n.t('Message (optional)'),
    ignoreFocusOut: true,
  });
  if (message === undefined) return;
  const result = await runLong(
    vscode.l10n.t('Recording {0}', baseName(path)),
    (operation) => trail.api.record({ model: path, message: message.trim() || undefined }, operation),
    'now',
  );
  if (result.metricsProblem !== undefined) void vscode.window.showWarningMessage(result.metricsProblem);
  void vscode.window.showInformationMessage(outcome(result));
};

function outcome({ version, isNew, metricsFile }: RecordResult): string {
  const { l10n } = vscode;
  const name = versionName(version);
  const model = baseName(version.model);
  if (!isNew) return l10n.t('{0} is the same as {1}, which was recorded before.', model, name);
  if (metricsFile === undefined)
    return l10n.t('Recorded {0} as {1}. No metrics file was found beside it.', model, name);
  const found = [...Object.keys(version.metrics), ...Object.keys(version.params)];
  if (found.length > 6)
    return l10n.t(
      'Recorded {0} as {1}, with {2} metrics and params from {3}.',
      model,
      name,
      found.length,
      metricsFile,
    );
  return l10n.t('Recorded {0} as {1}, with {2} from {3}.', model, name, listOf(found), metricsFile);
}
