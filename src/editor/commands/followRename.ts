import * as vscode from 'vscode';
import type { ModelRow } from '../../trail/api/models.ts';
import { choose } from '../choose.ts';
import { runLong } from '../longOperation.ts';
import type { ModelRef } from '../openTrail.ts';
import { baseName, problemsText } from '../text.ts';
import { modelChoices } from './choices.ts';
import { type Command, requireTrust } from './context.ts';
import type { ModelFilter } from './modelFilters.ts';
import { pickModel } from './pick.ts';
import { offerUndo, undoChanges } from './undo.ts';

/** Has a model whose file is gone go on as another file: from the row of either, or from the palette, where the first is asked for first. */
export const followRename: Command = async ({ trails, log }, target) => {
  requireTrust();
  const title = vscode.l10n.t('Follow Rename');
  const given = await pickModel(trails, target, title, gone());
  if (!given) return;
  const { trail } = given;
  const rows = await trail.models();
  const row = rows.find(({ path }) => path === given.path);
  const other = row && (await chooseOther(given, row, rows, title));
  if (!other) return;
  const [from, to] = isGone(row) ? [given.path, other.path] : [other.path, given.path];
  const { factId, externalDataProblems } = await runLong(
    vscode.l10n.t('Reading {0}', baseName(to)),
    (operation) => trail.api.rename(from, to, operation),
  );
  if (externalDataProblems.length > 0)
    void vscode.window.showWarningMessage(problemsText(externalDataProblems));
  if (factId === undefined) return;
  const outcome = vscode.l10n.t('{0} goes on with the history of {1}.', to, from);
  offerUndo(log, outcome, () => undoChanges([{ trail, path: to, factId }]));
};

/** The file that a model is now which is gone, or the model that a file was. @returns undefined when dismissed */
function chooseOther(
  { trail, path }: ModelRef,
  row: ModelRow,
  rows: readonly ModelRow[],
  title: string,
): Promise<ModelRef | undefined> {
  const { l10n } = vscode;
  const likely = isGone(row)
    ? rows.find(({ working }) => working.movedFrom === path)?.path
    : row.working.movedFrom;
  return choose<ModelRef>({
    title,
    placeholder: isGone(row) ? l10n.t('Which file is {0} now?', path) : l10n.t('Which model was {0}?', path),
    load: () => modelChoices([trail], isGone(row) ? there() : gone()),
    isActive: (model): boolean => model.path === likely,
  });
}

function isGone({ working }: ModelRow): boolean {
  return working.state === 'missing';
}

function gone(): ModelFilter {
  return { isOffered: isGone, none: vscode.l10n.t('No model is gone: the files of all are there.') };
}

function there(): ModelFilter {
  return {
    isOffered: (row) => !isGone(row),
    none: vscode.l10n.t('There is no file here that it could be now.'),
  };
}
