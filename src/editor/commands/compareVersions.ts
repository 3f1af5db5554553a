import * as vscode from 'vscode';
import type { VersionKey } from '../../core/versionKey.ts';
import { newestVersions } from '../newestVersions.ts';
import type { VersionRef } from '../openTrail.ts';
import { versionsOfKeys } from '../versionsOfKeys.ts';
import { withVersions } from './choices.ts';
import type { Command } from './context.ts';
import { givenVersion, pickModel } from './pick.ts';

/** As many as a chart shows well; the panel offers the rest. */
const newest = 20;

/**
 * Shows the versions that are checked. Rows come to be checked: several that are selected instead of those before, a single one with
 * them. With nothing checked or selected, and for a whole model, the newest versions of a model are.
 */
export const compareVersions: Command = async (
  { trails, models, checked, showComparison },
  target,
  selected,
) => {
  const isAsked = target !== undefined;
  const rows = isAsked ? (Array.isArray(selected) ? selected : [target]) : models.selection;
  const versions = rows.map(givenVersion).filter((version) => version !== undefined);
  const isAnyChecked = !isAsked && (await versionsOfKeys(trails, checked.keys)).length > 0;
  if (versions.length > 1 && !isAnyChecked) {
    checked.replace(versions.map(keyOf));
  } else if (isAsked && versions[0]) {
    checked.set([[keyOf(versions[0]), true]]);
  } else if (!isAnyChecked) {
    const model = await pickModel(trails, target, vscode.l10n.t('Compare Versions'), withVersions());
    if (!model) return;
    checked.replace(await newestVersions(model, newest));
  }
  await showComparison(checked.keys);
};

function keyOf({ trail, path, version }: VersionRef): VersionKey {
  return { root: trail.root, model: path, version: version.id };
}
