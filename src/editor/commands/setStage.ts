import * as vscode from 'vscode';
import { TrailError } from '../../core/errors.ts';
import { exclusiveStage, retiredStage } from '../../core/stages.ts';
import { type Version, versionName } from '../../core/versions.ts';
import { choose } from '../choose.ts';
import type { ModelRef, VersionRef } from '../openTrail.ts';
import { baseName } from '../text.ts';
import { type Command, confirm, requireTrust } from './context.ts';
import { pickVersion } from './pick.ts';

export const setStage: Command = async ({ trails }, target) => {
  requireTrust();
  const chosen = await pickVersion(trails, target, vscode.l10n.t('Set Stage'));
  if (!chosen) return;
  const { trail, path, version } = chosen;
  const stage = await choose<string>({
    title: vscode.l10n.t('Stage of {0} of {1}', versionName(version), path),
    placeholder: vscode.l10n.t('Where does this version stand?'),
    load: async () =>
      trail.settings.stages.map((name) => ({
        label: name,
        description: name === version.stage ? vscode.l10n.t('now') : undefined,
        value: name,
      })),
    isActive: (name) => name === version.stage,
  });
  if (stage === undefined || stage === version.stage) return;
  const sentence = await warning(chosen, stage);
  if (sentence !== undefined && !(await confirm(sentence, actionFor(stage)))) return;
  await trail.api.stage({ model: path, version: version.id }, stage);
};

/** What else will be the case, where that is something to think about. */
async function warning(chosen: VersionRef, stage: string): Promise<string | undefined> {
  const { version, path } = chosen;
  const [name, model] = [versionName(version), baseName(path)];
  if (stage === retiredStage) {
    return version.stage === exclusiveStage
      ? vscode.l10n.t(
          'Retire {0} of {1}? It is in production, and no version will be after that.',
          name,
          model,
        )
      : vscode.l10n.t('Retire {0} of {1}? The version in production stays the same.', name, model);
  }
  if (stage !== exclusiveStage) return undefined;
  const former = await inProduction(chosen);
  if (!former) return undefined;
  return vscode.l10n.t(
    'Promote {0} of {1} to production? {2}, which is in production now, will be retired.',
    name,
    model,
    versionName(former),
  );
}

function actionFor(stage: string): string {
  return stage === retiredStage ? vscode.l10n.t('Retire') : vscode.l10n.t('Promote');
}

async function inProduction({ trail, path }: ModelRef): Promise<Version | undefined> {
  try {
    return (await trail.api.resolve(`${path}@@${exclusiveStage}`)).version;
  } catch (error) {
    if (TrailError.is(error, 'notFound')) return undefined;
    throw error;
  }
}
