import * as vscode from 'vscode';
import { TrailError } from '../../core/errors.ts';
import type { ModelRef } from '../openTrail.ts';
import { baseName } from '../text.ts';
import type { Trails } from '../trails.ts';

/**
 * Says why there is no model to record, and lets the user choose any file of the workspace.
 * @returns undefined when dismissed
 * @throws TrailError `usage` for a file outside the workspace
 */
export async function chooseFile(trails: Trails, why: string): Promise<ModelRef | undefined> {
  const { l10n } = vscode;
  const [choose, settings] = [l10n.t('Choose File...'), l10n.t('Open Settings')];
  const sentence = l10n.t('Any other file is a model as soon as a version of it is recorded.');
  const answer = await vscode.window.showInformationMessage(`${why} ${sentence}`, choose, settings);
  if (answer === settings)
    await vscode.commands.executeCommand('workbench.action.openSettings', 'modeltrail.');
  if (answer !== choose) return undefined;
  const [file] =
    (await vscode.window.showOpenDialog({
      title: l10n.t('Choose the file to record'),
      openLabel: l10n.t('Choose'),
      defaultUri: vscode.workspace.workspaceFolders?.[0]?.uri,
    })) ?? [];
  return file && modelAt(trails, file);
}

async function modelAt(trails: Trails, file: vscode.Uri): Promise<ModelRef> {
  const isShown = vscode.workspace.getWorkspaceFolder(file) !== undefined;
  const found = (isShown ? await trails.open() : []).flatMap((trail) => {
    const path = trail.pathOf(file);
    return path === undefined ? [] : [{ trail, path }];
  });
  // Of trails within each other the inner one.
  const [inner] = found.toSorted((x, y) => x.path.length - y.path.length);
  if (inner) return inner;
  throw new TrailError(
    'usage',
    vscode.l10n.t(
      '{0} is outside the folders that are open in this window. Open its folder, then record it.',
      baseName(file.path),
    ),
  );
}
