import * as vscode from 'vscode';
import { runLong } from '../longOperation.ts';
import { baseName } from '../text.ts';
import type { Command } from './context.ts';
import { pickModel } from './pick.ts';

export const checkWorkingCopy: Command = async ({ trails }, target) => {
  const model = await pickModel(trails, target, vscode.l10n.t('Check Working Copy'));
  if (!model) return;
  const { trail, path } = model;
  await runLong(vscode.l10n.t('Reading {0}', baseName(path)), (operation) =>
    trail.api.checkWorkingCopy(path, operation),
  );
  trails.announce(trail);
};
