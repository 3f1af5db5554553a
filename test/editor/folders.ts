// The folders of the workspace, but the first.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { rows, until } from './support.ts';

export async function addFolder(folder: string, name: string): Promise<void> {
  await changeFolders(0, { uri: vscode.Uri.file(folder), name });
}

export async function removeFurtherFolders(count = 1): Promise<void> {
  await changeFolders(count);
  await until(async () => (await rows())[0]?.node.kind === 'model', 'one folder again');
}

/** Resolves when the editor has done it: before that it refuses the next change. */
export async function changeFolders(
  removed: number,
  ...added: { uri: vscode.Uri; name: string }[]
): Promise<void> {
  const changed = new Promise<void>((resolve) => {
    const listener = vscode.workspace.onDidChangeWorkspaceFolders(() => {
      listener.dispose();
      resolve();
    });
  });
  assert.ok(vscode.workspace.updateWorkspaceFolders(1, removed, ...added));
  await changed;
}
