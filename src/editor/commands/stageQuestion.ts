import * as vscode from 'vscode';
import { TrailError } from '../../core/errors.ts';
import { exclusiveStage, retiredStage } from '../../core/stages.ts';
import { keyText } from '../../core/versionKey.ts';
import { type Version, versionName } from '../../core/versions.ts';
import type { ModelRef, VersionRef } from '../openTrail.ts';
import { baseName, namedAtMost } from '../text.ts';

/**
 * What else will be the case when versions are put in a stage, or in none, where that is something to think about.
 * @throws TrailError `refused` where not all of them can be in it
 */
export async function stageQuestion(
  chosen: readonly VersionRef[],
  stage: string | undefined,
): Promise<string | undefined> {
  if (stage === exclusiveStage) refuseSeveral(chosen);
  if (chosen.length > namedAtMost) return questionOfMany(chosen, stage);
  const sentences = await Promise.all(chosen.map((one) => question(one, stage)));
  const asked = sentences.filter((sentence) => sentence !== undefined);
  return asked.length === 0 ? undefined : asked.join(' ');
}

async function questionOfMany(
  chosen: readonly VersionRef[],
  stage: string | undefined,
): Promise<string | undefined> {
  const { l10n } = vscode;
  if (stage === undefined) {
    const inUse = chosen.filter(({ version }) => version.stage === exclusiveStage).length;
    return inUse === 0
      ? undefined
      : l10n.t(
          'Take {0} versions out of their stages? {1} of them are in production now.',
          chosen.length,
          inUse,
        );
  }
  if (stage === retiredStage) {
    const inUse = chosen.filter(({ version }) => version.stage === exclusiveStage).length;
    return inUse === 0
      ? l10n.t('Retire {0} versions? What is in production stays the same.', chosen.length)
      : l10n.t('Retire {0} versions? {1} of them are in production now.', chosen.length, inUse);
  }
  if (stage !== exclusiveStage) return undefined;
  const former = (await Promise.all(chosen.map(inProduction))).filter((version) => version !== undefined);
  if (former.length === 0) return undefined;
  return l10n.t(
    'Promote {0} versions to production? {1} that are in production now will be retired.',
    chosen.length,
    former.length,
  );
}

async function question(chosen: VersionRef, stage: string | undefined): Promise<string | undefined> {
  const { version, path } = chosen;
  const [name, model] = [versionName(version), baseName(path)];
  if (stage === undefined) {
    return version.stage === exclusiveStage
      ? vscode.l10n.t('Take {0} of {1} out of production? No version will be in it after that.', name, model)
      : undefined;
  }
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

/** Each would take the place of the one before. */
function refuseSeveral(chosen: readonly VersionRef[]): void {
  const models = new Set<string>();
  for (const { trail, path } of chosen) {
    const key = keyText({ root: trail.root, model: path });
    if (models.has(key)) {
      const sentence = vscode.l10n.t('Only one version of {0} can be in production.', baseName(path));
      throw new TrailError('refused', sentence);
    }
    models.add(key);
  }
}

export function actionFor(stage: string | undefined): string {
  if (stage === undefined) return vscode.l10n.t('Take Out');
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
