import * as vscode from 'vscode';

/** Asks where to, and writes a text there. @returns whether the user chose a place */
export async function saveText(
  text: string,
  kind: string,
  { title, defaultUri }: { readonly title?: string; readonly defaultUri: vscode.Uri },
): Promise<boolean> {
  const filters = { [kind.toUpperCase()]: [kind] };
  const file = await vscode.window.showSaveDialog({ title, defaultUri, filters });
  if (!file) return false;
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
  return true;
}
