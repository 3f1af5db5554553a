import * as vscode from 'vscode';
import { versionName } from '../../core/versions.ts';
import { listOrCount, versionCount } from '../text.ts';
import type { Command } from './context.ts';
import { pickVersions } from './pick.ts';

const shownFor = 3000;

/** One line for each version. */
export const copyVersionId: Command = async ({ trails }, target, selected) => {
  const chosen = await pickVersions(trails, target, selected, vscode.l10n.t('Copy Version ID'));
  if (chosen.length === 0) return;
  await vscode.env.clipboard.writeText(chosen.map(({ version }) => version.id).join('\n'));
  const names = listOrCount(
    chosen.map(({ version }) => versionName(version)),
    versionCount,
  );
  vscode.window.setStatusBarMessage(
    `$(check) ${vscode.l10n.t('Copied the SHA-256 of {0}', names)}`,
    shownFor,
  );
};
