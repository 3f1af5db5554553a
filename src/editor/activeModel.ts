import * as vscode from 'vscode';
import { defaultInclude } from '../core/defaultPatterns.ts';

const endings = defaultInclude.flatMap((glob) => /^\*\*\/\*(\.[\w.]+)$/.exec(glob)?.[1] ?? []);

/** Whether the name of a file is that of a model; whether it is one, only the engine can tell. */
export function isModelName(name: string): boolean {
  const lower = name.toLowerCase();
  return endings.some((ending) => lower.endsWith(ending));
}

/** The file of the active tab. */
export function activeFile(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const uri =
    input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom ? input.uri : undefined;
  return uri?.scheme === 'file' ? uri : undefined;
}
