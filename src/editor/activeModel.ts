import * as vscode from 'vscode';
import { defaultInclude } from '../core/defaultPatterns.ts';

const endings = new Set(defaultInclude.flatMap((glob) => /^\*\*\/\*(\.\w+)$/.exec(glob)?.[1] ?? []));

/** The file of the active tab, if its name is that of a model; whether it is one, only the engine can tell. */
export function activeModelFile(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const uri =
    input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom ? input.uri : undefined;
  if (uri?.scheme !== 'file') return undefined;
  const dot = uri.path.lastIndexOf('.');
  return endings.has(uri.path.slice(dot).toLowerCase()) ? uri : undefined;
}
