import * as vscode from 'vscode';
import { manifestUri } from '../manifestUri.ts';
import { isNode } from '../nodes.ts';
import type { Command } from './context.ts';
import { pickVersion } from './pick.ts';

/** Opens the text that describes a version or a working copy. */
export const openManifest: Command = async ({ trails }, target) => {
  if (isNode(target) && target.kind === 'working') {
    await vscode.window.showTextDocument(manifestUri(target.parent));
    return;
  }
  const chosen = await pickVersion(trails, target, vscode.l10n.t('Open as Text'));
  if (chosen) await vscode.window.showTextDocument(manifestUri(chosen));
};
