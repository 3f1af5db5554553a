import * as vscode from 'vscode';
import { versionName } from '../../core/versions.ts';
import { type Choice, choose } from '../choose.ts';
import type { VersionRef } from '../openTrail.ts';
import { runEach } from '../runEach.ts';
import { baseName, listOrCount, versionCount } from '../text.ts';
import { type Command, confirm, requireTrust } from './context.ts';
import { pickVersions } from './pick.ts';
import { actionFor, stageChange } from './stageChange.ts';
import { type Change, offerUndo, undoChanges } from './undo.ts';

export const setStage: Command = async ({ trails, log }, target, selected) => {
  requireTrust();
  const chosen = await pickVersions(trails, target, selected, vscode.l10n.t('Set Stage'));
  if (chosen.length === 0) return;
  const answer = await chooseStage(chosen);
  if (!answer) return;
  const { stage } = answer;
  const others = chosen.filter(({ version }) => version.stage !== stage);
  if (others.length === 0) return;
  const { question, outcome } = await stageChange(others, stage);
  if (question !== undefined && !(await confirm(question, actionFor(stage)))) return;
  const changes: Change[] = [];
  await runEach(
    vscode.l10n.t('Setting the stage of {0}', listOrCount(others.map(nameOf), versionCount)),
    others,
    async ({ trail, path, version }) => {
      const one = { model: path, version: version.id };
      const factId = await (stage === undefined ? trail.api.unstage(one) : trail.api.stage(one, stage));
      if (factId !== undefined) changes.push({ trail, path, factId });
    },
  );
  // Of what nobody had to think about, the rows say enough; and they do where it was cancelled half-way.
  if (question !== undefined && changes.length === others.length)
    offerUndo(log, outcome, () => undoChanges(changes));
};

interface StageChoice {
  /** Absent for none. */
  readonly stage?: string;
}

function chooseStage(chosen: readonly VersionRef[]): Promise<StageChoice | undefined> {
  const now = new Set(chosen.map(({ version }) => version.stage));
  const isNow = ({ stage }: StageChoice): boolean => now.size === 1 && now.has(stage);
  const choice = (label: string, value: StageChoice): Choice<StageChoice> => ({
    label,
    description: isNow(value) ? vscode.l10n.t('now') : undefined,
    value,
  });
  const [first, ...more] = chosen.map(({ trail }) => trail.settings.stages);
  return choose<StageChoice>({
    title: titleOf(chosen),
    placeholder:
      chosen.length === 1
        ? vscode.l10n.t('Where does this version stand?')
        : vscode.l10n.t('Where do these versions stand?'),
    load: async () => [
      ...(first ?? [])
        // Folders may have stages of their own.
        .filter((stage) => more.every((stages) => stages.includes(stage)))
        .map((stage) => choice(stage, { stage })),
      choice(vscode.l10n.t('No stage'), {}),
    ],
    isActive: isNow,
  });
}

function titleOf(chosen: readonly VersionRef[]): string {
  const [one, other] = chosen;
  return one && !other
    ? vscode.l10n.t('Stage of {0} of {1}', versionName(one.version), one.path)
    : vscode.l10n.t('Stage of {0}', listOrCount(chosen.map(nameOf), versionCount));
}

/** How a version is called in a sentence. */
function nameOf({ version, path }: VersionRef): string {
  return vscode.l10n.t('{0} of {1}', versionName(version), baseName(path));
}
