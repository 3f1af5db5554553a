import * as vscode from 'vscode';
import { TrailError } from '../../core/errors.ts';
import { type Version, versionName } from '../../core/versions.ts';
import type { RollbackPlan, RollbackResult } from '../../trail/api/changes.ts';
import { runLong } from '../longOperation.ts';
import { baseName, listOrCount, modelCount } from '../text.ts';
import { type Command, confirm, requireTrust } from './context.ts';
import { pickVersion } from './pick.ts';
import { offerUndo, tellBack, undoFact } from './undo.ts';

export const rollBack: Command = async ({ trails, log }, target) => {
  requireTrust();
  const chosen = await pickVersion(trails, target, vscode.l10n.t('Roll Back to Version'));
  if (!chosen) return;
  const { trail, path, version } = chosen;
  const [model, name] = [baseName(path), versionName(version)];
  const versionTarget = { model: path, version: version.id };
  const plan = await runLong(vscode.l10n.t('Looking for the bytes of {0} of {1}', name, model), (operation) =>
    trail.api.planRollback(versionTarget, operation),
  );
  const lost = [plan, ...plan.externalData].find(({ from }) => !from);
  if (lost) {
    const where = lost.missing ?? '';
    throw new TrailError(
      'missingBytes',
      vscode.l10n.t('{0} cannot be rolled back to {1}: {2}', model, name, where),
    );
  }
  if (
    plan.working.state === 'same' &&
    plan.working.version === version.id &&
    plan.externalData.length === 0
  ) {
    const already = vscode.l10n.t('{0} already is {1}.', model, name);
    void vscode.window.showInformationMessage(sentences(already, plan.unknownData));
    return;
  }
  if (!(await confirm(wholeQuestion(plan, model), vscode.l10n.t('Roll Back')))) return;
  const result = await runLong(
    vscode.l10n.t('Rolling {0} back to {1}', model, name),
    (operation) => trail.api.rollback(versionTarget, operation),
    'now',
  );
  offerUndo(log, outcome(result, model), async () => tellBack(chosen, await undoFact(trail, result.factId)));
};

/** What will happen, also to a link. */
function question(plan: RollbackPlan, model: string): string {
  const { l10n } = vscode;
  const sentence = replacement(plan, model);
  if (plan.link === undefined) return sentence;
  const after =
    plan.target.files === undefined
      ? l10n.t('{0} is a link to {1} and will be a file of its own.', model, plan.link)
      : l10n.t('{0} is a link to {1} and will be a folder of its own.', model, plan.link);
  return `${sentence} ${after}`;
}

/** Of the files with its weights too. */
function wholeQuestion(plan: RollbackPlan, model: string): string {
  const names = plan.externalData.map(({ target }) => nameOf(target));
  const weights =
    names.length === 0
      ? undefined
      : vscode.l10n.t(
          'Its weights go back too: {0}. What is there now is kept.',
          listOrCount(names, modelCount),
        );
  return sentences(question(plan, model), weights, plan.unknownData);
}

function nameOf({ model, ...version }: Version): string {
  return vscode.l10n.t('{0} to {1}', baseName(model), versionName(version));
}

function sentences(...all: readonly (string | undefined)[]): string {
  return all.filter((sentence) => sentence !== undefined).join(' ');
}

/** One sentence: what will happen, what is kept, and where the bytes come from. */
function replacement({ target, working, records, from }: RollbackPlan, model: string): string {
  const { l10n } = vscode;
  const name = versionName(target);
  const source =
    from === 'git'
      ? l10n.t('Git history')
      : from === 'lfs'
        ? l10n.t('Git LFS')
        : from === 'dvc'
          ? l10n.t("DVC's cache")
          : l10n.t('what Modeltrail keeps');
  if (working.state === 'missing') {
    return l10n.t('Put {0} back as {1}, from {2}? There is no such file now.', model, name, source);
  }
  return records
    ? l10n.t(
        'Roll {0} back to {1}, from {2}? The file that is there now is recorded as a version first.',
        model,
        name,
        source,
      )
    : l10n.t(
        'Roll {0} back to {1}, from {2}? The file that is there now is kept already.',
        model,
        name,
        source,
      );
}

function outcome({ recorded, restored, externalData, unknownData }: RollbackResult, model: string): string {
  const { l10n } = vscode;
  const name = versionName(restored);
  const sentence = recorded
    ? l10n.t('{0} is {1} again. What was there was recorded as {2}.', model, name, versionName(recorded))
    : l10n.t('{0} is {1} again.', model, name);
  const names = externalData.map(({ restored }) => nameOf(restored));
  const weights =
    names.length === 0
      ? undefined
      : l10n.t('Its weights went back too: {0}.', listOrCount(names, modelCount));
  return sentences(sentence, weights, unknownData);
}
