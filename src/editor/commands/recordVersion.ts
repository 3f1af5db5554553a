import * as vscode from 'vscode';
import { type Version, versionName } from '../../core/versions.ts';
import type { RecordResult } from '../../trail/api/changes.ts';
import { reportError } from '../longOperation.ts';
import type { ModelRef } from '../openTrail.ts';
import { fileSize, runEach } from '../runEach.ts';
import { baseName, listOf, listOrCount, modelCount, problemsText } from '../text.ts';
import { type Command, requireTrust } from './context.ts';
import { withBytes } from './modelFilters.ts';
import { pickModels } from './pick.ts';

export const recordVersion: Command = async ({ trails, log }, target, selected) => {
  requireTrust();
  const models = await pickModels(trails, target, selected, vscode.l10n.t('Record Version'), withBytes());
  if (models.length === 0) return;
  const paths = models.map(({ path }) => path);
  const message = await vscode.window.showInputBox({
    title: vscode.l10n.t('Record a version of {0}', listOrCount(paths, modelCount)),
    prompt: vscode.l10n.t('What did you try? The metrics beside the model are picked up.'),
    placeHolder: vscode.l10n.t('Message (optional)'),
    ignoreFocusOut: true,
  });
  if (message === undefined) return;
  await recordAll(log, models, message.trim() || undefined);
};

async function recordAll(
  log: vscode.LogOutputChannel,
  models: readonly ModelRef[],
  message: string | undefined,
): Promise<void> {
  const paths = models.map(({ path }) => path);
  const results: RecordResult[] = [];
  const left = new Set(models);
  try {
    await runEach(
      vscode.l10n.t('Recording {0}', listOrCount(paths.map(baseName), modelCount)),
      models,
      async (one, operation) => {
        results.push(await one.trail.api.record({ model: one.path, message }, operation));
        left.delete(one);
      },
      fileSize,
    );
  } catch (error) {
    // A file may be complete a moment later, and back where it was; the message is not to be written anew.
    reportError(log, error, () => recordAll(log, [...left], message));
  } finally {
    // What is done is done, also where another one fails or the user has had enough.
    tell(results);
  }
}

function tell(results: readonly RecordResult[]): void {
  const problems = results.flatMap(({ cutOff, metricsProblem, notCommitted, externalDataProblems }) => [
    ...cutOff,
    ...externalDataProblems,
    ...[metricsProblem, notCommitted].filter((message) => message !== undefined),
  ]);
  if (problems.length > 0) void vscode.window.showWarningMessage(problemsText(problems));
  const [only, other] = results;
  if (!only) return;
  const outcomes = [
    other ? outcomeOfSeveral(results) : outcomeWithWeights(only),
    ...results.flatMap(replaced),
    ...results.flatMap(movedFrom),
  ];
  void vscode.window.showInformationMessage(outcomes.join(' '));
}

/** That a message took the place of another. */
function replaced({ version, messageBefore }: RecordResult): readonly string[] {
  if (messageBefore === undefined) return [];
  return [vscode.l10n.t('The message of {0} was "{1}" until now.', versionName(version), messageBefore)];
}

/** That a file seems to be a model which is gone. */
function movedFrom({ version, movedFrom: from }: RecordResult): readonly string[] {
  if (from === undefined) return [];
  return [
    vscode.l10n.t(
      '{0} has the content of {1}, which is gone: "Follow Rename" has it go on with that history.',
      baseName(version.model),
      from,
    ),
  ];
}

/** In one message: of several the editor would hide the first. */
function outcomeOfSeveral(results: readonly RecordResult[]): string {
  const { l10n } = vscode;
  const namesOf = (some: readonly Pick<RecordResult, 'version'>[]): string =>
    listOrCount(
      some.map(({ version }) => l10n.t('{0} as {1}', baseName(version.model), versionName(version))),
      modelCount,
    );
  // A file with weights may have been selected too, and be the same as what was recorded a moment ago.
  const byModel = new Map<string, Pick<RecordResult, 'version' | 'isNew'>>();
  for (const one of results.flatMap((result) => [result, ...result.externalData])) {
    if (one.isNew || !byModel.has(one.version.model)) byModel.set(one.version.model, one);
  }
  const all = [...byModel.values()];
  const measured = results.filter(({ isNew, metricsFile }) => isNew && metricsFile !== undefined).length;
  // As of one model: of those that there are, why they were not used is told beside this.
  const areRefused = results.some(({ isNew, metricsProblem }) => isNew && metricsProblem !== undefined);
  const recorded = all.filter(({ isNew }) => isNew);
  const before = all.filter(({ isNew }) => !isNew);
  return [
    recorded.length > 0 && measured === 0 && areRefused ? l10n.t('Recorded {0}.', namesOf(recorded)) : '',
    recorded.length > 0 && measured === 0 && !areRefused
      ? l10n.t('Recorded {0}. No metrics files were found.', namesOf(recorded))
      : '',
    recorded.length > 0 && measured > 0
      ? l10n.t('Recorded {0}, {1} with metrics.', namesOf(recorded), measured)
      : '',
    before.length > 0 ? l10n.t('Recorded before: {0}.', namesOf(before)) : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

/** Where only the weights of an ONNX model are new, what was found is said of them. */
function outcomeWithWeights(result: RecordResult): string {
  const { version, described, externalData } = result;
  const first = described[0] ?? version;
  const others = externalData.filter(({ version: { model } }) => model !== first.model);
  if (first.model === version.model) return [outcome(result), ...weights(externalData)].join(' ');
  const isNew = externalData.some(({ version: { id }, isNew }) => isNew && id === first.id);
  return [outcome({ ...result, version: first, isNew }), ...weights(others), same(version)].join(' ');
}

function weights(externalData: RecordResult['externalData']): string[] {
  if (externalData.length === 0) return [];
  const names = externalData.map(({ version }) =>
    vscode.l10n.t('{0} as {1}', baseName(version.model), versionName(version)),
  );
  return [vscode.l10n.t('Its weights: {0}.', listOrCount(names, modelCount))];
}

function same(version: Version): string {
  return vscode.l10n.t(
    '{0} is the same as {1}, which was recorded before.',
    baseName(version.model),
    versionName(version),
  );
}

function outcome({ version, isNew, metricsFile, metricsProblem }: RecordResult): string {
  const { l10n } = vscode;
  const name = versionName(version);
  const model = baseName(version.model);
  if (!isNew) return same(version);
  // There is one, and why it was not used is told beside this.
  if (metricsFile === undefined && metricsProblem !== undefined)
    return l10n.t('Recorded {0}.', l10n.t('{0} as {1}', model, name));
  if (metricsFile === undefined)
    return l10n.t('Recorded {0} as {1}. No metrics file was found beside it.', model, name);
  const found = [...Object.keys(version.metrics), ...Object.keys(version.params)];
  if (found.length > 6)
    return l10n.t(
      'Recorded {0} as {1}, with {2} metrics and params from {3}.',
      model,
      name,
      found.length,
      metricsFile,
    );
  return l10n.t('Recorded {0} as {1}, with {2} from {3}.', model, name, listOf(found), metricsFile);
}
