import { realpath } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { TrailSettings } from '../trail/settings.ts';

// What a trail has from the folder of the workspace that it is opened for.

export function settingsOf(folder: vscode.WorkspaceFolder): TrailSettings {
  const settings = vscode.workspace.getConfiguration('modeltrail', folder);
  return {
    include: settings.get<string[]>('include', []),
    exclude: settings.get<string[]>('exclude', []),
    stages: settings.get<string[]>('stages', []),
    storePath: settings.get<string>('store.path') || undefined,
    trusted: vscode.workspace.isTrusted,
  };
}

/** The engine's root has no symbolic links in it; the workspace folder below it may be reached through one. */
export async function rootAsShown(folder: string, root: string): Promise<vscode.Uri> {
  const below = path.relative(root, await realpath(folder));
  if (below === '') return vscode.Uri.file(folder);
  return vscode.Uri.file(folder.endsWith(path.sep + below) ? folder.slice(0, -below.length - 1) : root);
}
