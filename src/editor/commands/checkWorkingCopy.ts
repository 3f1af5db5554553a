import * as vscode from 'vscode';
import type { ModelRef } from '../openTrail.ts';
import { fileSize, runEach } from '../runEach.ts';
import { baseName, listOrCount, modelCount } from '../text.ts';
import { workingVersion } from '../workingVersion.ts';
import type { Command } from './context.ts';
import { withFile } from './modelFilters.ts';
import { pickModels } from './pick.ts';

export const checkWorkingCopy: Command = async ({ trails }, target, selected) => {
  const models = await pickModels(trails, target, selected, vscode.l10n.t('Check Working Copy'), withFile());
  if (models.length === 0) return;
  const missing: string[] = [];
  try {
    await runEach(
      vscode.l10n.t('Reading {0}', listOrCount(models.map(nameOf), modelCount)),
      models,
      async ({ trail, path }, operation) => {
        const { state } = await trail.api.checkWorkingCopy(path, operation);
        if (state === 'missing') missing.push(baseName(path));
      },
      fileSize,
    );
  } finally {
    for (const trail of new Set(models.map((model) => model.trail))) trails.announce(trail);
  }
  const [model] = models;
  if (missing.length > 0) void vscode.window.showInformationMessage(missingText(missing));
  // A row says itself what was found; from the palette there may be none to be seen.
  else if (model && target === undefined)
    void vscode.window.showInformationMessage(
      vscode.l10n.t('{0}: {1}', nameOf(model), (await workingVersion(model)) ?? ''),
    );
};

function nameOf({ path }: ModelRef): string {
  return baseName(path);
}

function missingText(names: readonly string[]): string {
  return names.length === 1
    ? vscode.l10n.t('{0} is not there.', names[0] ?? '')
    : vscode.l10n.t('{0} are not there.', listOrCount(names, modelCount));
}
