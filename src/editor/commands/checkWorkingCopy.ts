import * as vscode from 'vscode';
import { runLong } from '../longOperation.ts';
import { baseName } from '../text.ts';
import type { Command } from './context.ts';
import { pickModels } from './pick.ts';

export const checkWorkingCopy: Command = async ({ trails }, target, selected) => {
  const models = await pickModels(trails, target, selected, vscode.l10n.t('Check Working Copy'));
  for (const { trail, path } of models) {
    await runLong(vscode.l10n.t('Reading {0}', baseName(path)), (operation) =>
      trail.api.checkWorkingCopy(path, operation),
    );
    trails.announce(trail);
  }
};
