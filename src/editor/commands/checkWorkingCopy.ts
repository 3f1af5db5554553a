import * as vscode from 'vscode';
import { runLong } from '../longOperation.ts';
import { baseName } from '../text.ts';
import { workingVersion } from '../workingVersion.ts';
import type { Command } from './context.ts';
import { pickModels } from './pick.ts';

export const checkWorkingCopy: Command = async ({ trails }, target, selected) => {
  const models = await pickModels(trails, target, selected, vscode.l10n.t('Check Working Copy'));
  for (const model of models) {
    const { trail, path } = model;
    const name = baseName(path);
    const { state } = await runLong(vscode.l10n.t('Reading {0}', name), (operation) =>
      trail.api.checkWorkingCopy(path, operation),
    );
    trails.announce(trail);
    if (state === 'missing')
      void vscode.window.showInformationMessage(vscode.l10n.t('{0} is not there.', name));
    // A row says itself what was found; from the palette there may be none to be seen.
    else if (target === undefined)
      void vscode.window.showInformationMessage(
        vscode.l10n.t('{0}: {1}', name, (await workingVersion(model)) ?? ''),
      );
  }
};
