import * as vscode from 'vscode';
import type { FileKind, SidePair } from '../../webview/diff/messages.ts';
import { baseName } from '../text.ts';

/** Asks where to, and writes a report there. @returns whether the user chose a place */
export async function saveDiff({ b }: SidePair, kind: FileKind, text: string): Promise<boolean> {
  const file = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export What Changed in {0}', baseName(b.model)),
    defaultUri: vscode.Uri.joinPath(vscode.Uri.file(b.root), `${b.model}.diff.${kind}`),
    filters: { [kind.toUpperCase()]: [kind] },
  });
  if (!file) return false;
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
  return true;
}
