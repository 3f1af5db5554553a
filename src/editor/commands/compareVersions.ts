import * as vscode from 'vscode';
import type { VersionKey } from '../../core/versionKey.ts';
import { newestVersions } from '../newestVersions.ts';
import { isNode, type ModelNode } from '../nodes.ts';
import { countKnown } from '../versionsOfKeys.ts';
import { withVersions } from './modelFilters.ts';
import type { Command } from './context.ts';
import { givenVersion, pickModel } from './pick.ts';

/** As many as a chart shows well; the panel offers the rest. */
const newest = 20;

/**
 * Shows the versions that are checked. Rows come to be checked: several that are selected instead of those before, a single one with
 * them; of each of several models, or of a series, the newest version. With nothing checked or selected, and for a whole model, the
 * newest versions of a model are.
 */
export const compareVersions: Command = async (
  { trails, models, checked, showComparison },
  target,
  selected,
) => {
  const isAsked = target !== undefined;
  const rows = isAsked ? (Array.isArray(selected) ? selected : [target]) : models.selection;
  const versions = rows.flatMap((row) => keysOf(row, rows.length > 1));
  const isAnyChecked = !isAsked && (await countKnown(trails, checked.keys)) > 0;
  if (versions.length > 1 && !isAnyChecked) {
    checked.replace(versions);
  } else if (isAsked && versions[0]) {
    checked.set([[versions[0], true]]);
  } else if (!isAnyChecked) {
    const model = await pickModel(trails, target, vscode.l10n.t('Compare Versions'), withVersions());
    if (!model) return;
    checked.replace(await newestVersions(model, newest));
  }
  await showComparison(checked.keys);
};

/** The version that a row stands for; of a model that is one of several, as in a series, the newest. */
function keysOf(row: unknown, isOneOfSeveral: boolean): readonly VersionKey[] {
  const given = givenVersion(row);
  if (given) return [{ root: given.trail.root, model: given.path, version: given.version.id }];
  if (!isNode(row)) return [];
  if (row.kind === 'series') return row.shown.flatMap(latestOf);
  return isOneOfSeveral && row.kind === 'model' ? latestOf(row) : [];
}

function latestOf({ trail, path, row: { latest } }: ModelNode): readonly VersionKey[] {
  return latest ? [{ root: trail.root, model: path, version: latest.id }] : [];
}
