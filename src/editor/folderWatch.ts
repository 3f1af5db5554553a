import path from 'node:path';
import * as vscode from 'vscode';
import { foldersOnDisk } from './folders.ts';
import { asGlob } from './watchPatterns.ts';

/** Watches whether the folders of the workspace are there: in the folders around them, since one that is gone tells nothing. */
export function watchFolders(onChange: () => void): vscode.Disposable {
  const watchers = foldersOnDisk().flatMap(({ uri: { fsPath } }) => {
    const around = path.dirname(fsPath);
    if (around === fsPath) return [];
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.file(around), asGlob(path.basename(fsPath))),
      false,
      true,
    );
    watcher.onDidCreate(onChange);
    watcher.onDidDelete(onChange);
    return [watcher];
  });
  return vscode.Disposable.from(...watchers);
}
