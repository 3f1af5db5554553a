import * as vscode from 'vscode';
import { versionName } from '../../core/versions.ts';
import { manifestUri } from '../manifestUri.ts';
import { isNode } from '../nodes.ts';
import type { VersionRef } from '../openTrail.ts';
import { baseName } from '../text.ts';
import type { Command } from './context.ts';
import { givenVersion, pickVersion } from './pick.ts';

/** Two selected versions, or one and another to choose. */
export const diffVersions: Command = async ({ trails, models }, target, selected) => {
  const title = vscode.l10n.t('Diff Two Versions');
  const rows = Array.isArray(selected) ? selected : target === undefined ? models.selection : [target];
  const chosen = rows.map(givenVersion).filter((version) => version !== undefined);
  const [first, second] = chosen.length === 2 ? chosen : [];
  if (first && second) return openDiff(first, second);

  const one = await pickVersion(trails, target, title);
  if (!one) return;
  const other = await pickVersion(
    trails,
    { model: one.path, root: one.trail.root },
    title,
    ({ id }) => id === one.version.id,
  );
  if (other) await openDiff(one, other);
};

export const diffWithWorkingCopy: Command = async ({ trails }, target) => {
  const title = vscode.l10n.t('Diff with Working Copy');
  const { row } = isNode(target) && target.kind === 'working' ? target.parent : {};
  // A changed file is compared with its latest version, without asking.
  const chosen =
    isNode(target) && target.kind === 'working' && row?.latest
      ? { trail: target.parent.trail, path: target.parent.path, version: row.latest }
      : await pickVersion(trails, target, title);
  if (!chosen) return;
  const { path, version } = chosen;
  await vscode.commands.executeCommand(
    'vscode.diff',
    manifestUri(chosen),
    manifestUri({ ...chosen, version: undefined }),
    vscode.l10n.t('{0}: {1} ↔ working copy', baseName(path), versionName(version)),
  );
};

async function openDiff(a: VersionRef, b: VersionRef): Promise<void> {
  const [older, newer] = a.version.time <= b.version.time ? [a, b] : [b, a];
  const [left, right] = [versionName(older.version), versionName(newer.version)];
  const isOneModel = older.path === newer.path && older.trail.root === newer.trail.root;
  await vscode.commands.executeCommand(
    'vscode.diff',
    manifestUri(older),
    manifestUri(newer),
    isOneModel
      ? vscode.l10n.t('{0}: {1} ↔ {2}', baseName(older.path), left, right)
      : vscode.l10n.t('{0} {1} ↔ {2} {3}', baseName(older.path), left, baseName(newer.path), right),
  );
}
