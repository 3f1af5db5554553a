import * as vscode from 'vscode';
import { TrailError } from '../../core/errors.ts';
import type { ContentId } from '../../core/facts.ts';
import type { Shown } from '../../webview/inspect/messages.ts';
import type { ModelNode, VersionNode } from '../nodes.ts';
import type { Place } from './locate.ts';

/** Opens the differences between two versions, or between one and the file on disk. */
export async function diffShown(place: Place, a: Shown, b: Shown): Promise<void> {
  const ids = [...new Set([a, b])].filter((id) => id !== null);
  const [one, other] = await Promise.all(ids.map((id) => versionNode(place, id)));
  if (!one) return;
  if (other) await vscode.commands.executeCommand('modeltrail.diffVersions', one, [one, other]);
  else await vscode.commands.executeCommand('modeltrail.diffWithWorkingCopy', one);
}

/** What the commands know as a row of the tree. */
async function versionNode({ trail, model }: Place, id: ContentId): Promise<VersionNode> {
  const row = (await trail?.models())?.find(({ path }) => path === model);
  if (!trail || !row)
    throw new TrailError('notFound', vscode.l10n.t('{0} is not among the models of this workspace.', model));
  const version = await trail.api.version({ model, version: id });
  if (!version) throw new TrailError('notFound', vscode.l10n.t('There is no such version of {0}.', model));
  const parent: ModelNode = { kind: 'model', trail, path: model, row, shownPath: model };
  return { kind: 'version', parent, version, checked: false };
}
