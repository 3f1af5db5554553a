import * as vscode from 'vscode';
import { TrailError } from '../../core/errors.ts';
import { exclusiveStage, retiredStage } from '../../core/stages.ts';
import { keyText } from '../../core/versionKey.ts';
import { type Version, versionName } from '../../core/versions.ts';
import type { ModelRef, VersionRef } from '../openTrail.ts';
import { baseName, namedAtMost } from '../text.ts';

/** What is asked before versions are put in a stage, where that is something to think about, and what is the case then. */
export interface StageChange {
  readonly question?: string;
  readonly outcome: string;
}

/**
 * @param stage undefined to take them out of theirs
 * @throws TrailError `refused` where not all of them can be in it
 */
export async function stageChange(
  chosen: readonly VersionRef[],
  stage: string | undefined,
): Promise<StageChange> {
  if (stage === exclusiveStage) refuseSeveral(chosen);
  if (chosen.length > namedAtMost) return changeOfMany(chosen, stage);
  const changes = await Promise.all(chosen.map((one) => changeOf(one, stage)));
  const asked = changes.flatMap(({ question }) => question ?? []);
  return {
    question: asked.length === 0 ? undefined : asked.join(' '),
    outcome: changes.map(({ outcome }) => outcome).join(' '),
  };
}

async function changeOfMany(chosen: readonly VersionRef[], stage: string | undefined): Promise<StageChange> {
  const { l10n } = vscode;
  const count = chosen.length;
  if (stage === undefined) {
    const inUse = chosen.filter(isInProduction).length;
    const outcome = l10n.t('{0} versions are in no stage now.', count);
    return inUse === 0
      ? { outcome }
      : {
          question: l10n.t(
            'Take {0} versions out of their stages? {1} of them are in production now.',
            count,
            inUse,
          ),
          outcome,
        };
  }
  if (stage === retiredStage) {
    const inUse = chosen.filter(isInProduction).length;
    return {
      question:
        inUse === 0
          ? l10n.t('Retire {0} versions? What is in production stays the same.', count)
          : l10n.t('Retire {0} versions? {1} of them are in production now.', count, inUse),
      outcome: l10n.t('{0} versions are retired.', count),
    };
  }
  const isPromotion = stage === exclusiveStage;
  const before = isPromotion ? await Promise.all(chosen.map(inProduction)) : [];
  const former = before.filter((version) => version !== undefined).length;
  if (former === 0) return { outcome: l10n.t('{0} versions are in {1}.', count, stage) };
  return {
    question: l10n.t(
      'Promote {0} versions to production? {1} that are in production now will be retired.',
      count,
      former,
    ),
    outcome: l10n.t('{0} versions are in production; {1} that were before are retired.', count, former),
  };
}

function isInProduction({ version }: VersionRef): boolean {
  return version.stage === exclusiveStage;
}

async function changeOf(chosen: VersionRef, stage: string | undefined): Promise<StageChange> {
  const { l10n } = vscode;
  const { version, path } = chosen;
  const [name, model] = [versionName(version), baseName(path)];
  if (stage === undefined) {
    return isInProduction(chosen)
      ? {
          question: l10n.t(
            'Take {0} of {1} out of production? No version will be in it after that.',
            name,
            model,
          ),
          outcome: l10n.t('{0} of {1} is out of production, and no version is in it.', name, model),
        }
      : { outcome: l10n.t('{0} of {1} is in no stage now.', name, model) };
  }
  if (stage === retiredStage) {
    return isInProduction(chosen)
      ? {
          question: l10n.t(
            'Retire {0} of {1}? It is in production, and no version will be after that.',
            name,
            model,
          ),
          outcome: l10n.t('{0} of {1} is retired, and no version is in production.', name, model),
        }
      : {
          question: l10n.t('Retire {0} of {1}? The version in production stays the same.', name, model),
          outcome: l10n.t('{0} of {1} is retired.', name, model),
        };
  }
  const former = stage === exclusiveStage ? await inProduction(chosen) : undefined;
  if (!former) return { outcome: l10n.t('{0} of {1} is in {2}.', name, model, stage) };
  const formerName = versionName(former);
  return {
    question: l10n.t(
      'Promote {0} of {1} to production? {2}, which is in production now, will be retired.',
      name,
      model,
      formerName,
    ),
    outcome: l10n.t('{0} of {1} is in production; {2} is retired.', name, model, formerName),
  };
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
