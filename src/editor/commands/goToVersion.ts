import * as vscode from 'vscode';
import type { Command } from './context.ts';
import { pickVersion } from './pick.ts';

/** Shows a version in the *Models* view. */
export const goToVersion: Command = async ({ trails, models }, target) => {
  const chosen = await pickVersion(trails, target, vscode.l10n.t('Go to Version'));
  if (chosen) await models.reveal(chosen, chosen.version.id);
};
