import * as vscode from 'vscode';
import { versionName } from '../../core/versions.ts';
import type { Command } from './context.ts';
import { pickVersion } from './pick.ts';

const shownFor = 3000;

export const copyVersionId: Command = async ({ trails }, target) => {
  const chosen = await pickVersion(trails, target, vscode.l10n.t('Copy Version ID'));
  if (!chosen) return;
  await vscode.env.clipboard.writeText(chosen.version.id);
  const text = vscode.l10n.t('Copied the SHA-256 of {0}', versionName(chosen.version));
  vscode.window.setStatusBarMessage(`$(check) ${text}`, shownFor);
};
