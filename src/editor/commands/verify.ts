import * as vscode from 'vscode';
import type { VerifyReport } from '../../trail/api.ts';
import { runLong } from '../longOperation.ts';
import { formatBytes } from '../text.ts';
import type { Command } from './context.ts';

/** Reads all that is kept, and says whether it is what it should be. */
export const verify: Command = async ({ trails, log }) => {
  const reports: VerifyReport[] = [];
  for (const trail of await trails.open()) {
    const title = vscode.l10n.t('Verifying what is kept of {0}', trail.root);
    reports.push(await runLong(title, (operation) => trail.api.verify({}, operation)));
  }
  const checked = reports.reduce((sum, report) => sum + report.checked, 0);
  const bytes = formatBytes(reports.reduce((sum, report) => sum + report.bytes, 0));
  const problems = reports.flatMap((report) => report.problems);
  if (problems.length === 0) {
    const sentence = vscode.l10n.t('All is as it should be: {0} items, {1}.', checked, bytes);
    void vscode.window.showInformationMessage(sentence);
    return;
  }
  for (const { path, message } of problems) log.error(`${path}: ${message}`);
  const showLog = vscode.l10n.t('Show Log');
  const sentence =
    problems.length === 1
      ? vscode.l10n.t('One of {0} items is not as it should be: {1}', checked, problems[0]?.message ?? '')
      : vscode.l10n.t(
          '{0} of {1} items are not as they should be. The log names them.',
          problems.length,
          checked,
        );
  void vscode.window.showErrorMessage(sentence, showLog).then((answer) => {
    if (answer === showLog) log.show();
  });
};
