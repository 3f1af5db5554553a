import * as vscode from 'vscode';
import { manifestUri } from '../manifestUri.ts';
import { isNode } from '../nodes.ts';
import type { Command } from './context.ts';
import { pickVersion } from './pick.ts';

/** Opens the text that describes a version or a working copy. */
export const openManifest: Command = async ({ trails, manifests }, target) => {
  const chosen =
    isNode(target) && target.kind === 'working'
      ? target.parent
      : await pickVersion(trails, target, vscode.l10n.t('Open as Text'));
  if (!chosen) return;
  const uri = manifestUri(chosen);
  await manifests.prepare(uri);
  await vscode.window.showTextDocument(uri);
};
