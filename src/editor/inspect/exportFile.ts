import * as vscode from 'vscode';
import { baseName } from '../text.ts';

/** Asks where to, and writes a table there. @returns whether the user chose a place */
export async function exportFile(model: vscode.Uri, kind: 'csv' | 'json', text: string): Promise<boolean> {
  const file = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export What Is Shown of {0}', baseName(model.path)),
    defaultUri: model.with({ scheme: 'file', path: `${model.path}.${kind}`, query: '' }),
    filters: { [kind.toUpperCase()]: [kind] },
  });
  if (!file) return false;
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
  return true;
}
