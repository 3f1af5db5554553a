import * as vscode from 'vscode';
import type { SideKey } from '../../webview/diff/messages.ts';
import { isNode } from '../nodes.ts';
import type { ModelRef, VersionRef } from '../openTrail.ts';
import type { Command } from './context.ts';
import { givenVersion, pickVersion } from './pick.ts';

/** Two selected versions, or one and another to choose. */
export const diffVersions: Command = async ({ trails, models, diffs }, target, selected) => {
  const title = vscode.l10n.t('Diff Two Versions');
  const rows = Array.isArray(selected) ? selected : target === undefined ? models.selection : [target];
  const chosen = rows.map(givenVersion).filter((version) => version !== undefined);
  const [first, second] = chosen.length === 2 ? chosen : [];
  const one = first && second ? first : await pickVersion(trails, target, title);
  if (!one) return;
  const other =
    second ??
    (await pickVersion(
      trails,
      { model: one.path, root: one.trail.root },
      title,
      ({ id }) => id === one.version.id,
    ));
  if (!other) return;
  const [older, newer] = one.version.time <= other.version.time ? [one, other] : [other, one];
  diffs.show({ a: keyOf(older), b: keyOf(newer) });
};

export const diffWithWorkingCopy: Command = async ({ trails, diffs }, target) => {
  const title = vscode.l10n.t('Diff with Working Copy');
  const { row } = isNode(target) && target.kind === 'working' ? target.parent : {};
  // A changed file is compared with its latest version, without asking.
  const chosen =
    isNode(target) && target.kind === 'working' && row?.latest
      ? { trail: target.parent.trail, path: target.parent.path, version: row.latest }
      : await pickVersion(trails, target, title);
  if (chosen) diffs.show({ a: keyOf(chosen), b: keyOf({ ...chosen, version: undefined }) });
};

/** The manifests of what the active panel compares, side by side. */
export const openDiffAsText: Command = ({ diffs }) => diffs.openActiveAsText();

function keyOf({ trail, path, version }: ModelRef & { readonly version?: VersionRef['version'] }): SideKey {
  return { root: trail.root, model: path, version: version?.id };
}
