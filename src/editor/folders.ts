import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { systemCode } from '../core/errors.ts';
import type { TrailSettings } from '../trail/settings.ts';
import { gitBinary } from './gitBinary.ts';

// The folders of the workspace, and what a trail has from the one that it is opened for.

export function foldersOnDisk(): readonly vscode.WorkspaceFolder[] {
  return (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
}

/** Of these the ones that are not there. */
export async function missingFolders(): Promise<readonly string[]> {
  const paths = foldersOnDisk().map(({ uri }) => uri.fsPath);
  const missing = await Promise.all(paths.map(isMissing));
  return paths.filter((_, index) => missing[index]);
}

/** What cannot be asked, such as a disk that does not answer, may be there. */
async function isMissing(folder: string): Promise<boolean> {
  try {
    return !(await stat(folder)).isDirectory();
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '');
  }
}

export function settingsOf(folder: vscode.WorkspaceFolder): TrailSettings {
  const settings = vscode.workspace.getConfiguration('modeltrail', folder);
  return {
    include: settings.get<string[]>('include', []),
    exclude: settings.get<string[]>('exclude', []),
    stages: settings.get<string[]>('stages', []),
    storePath: settings.get<string>('store.path') || undefined,
    gitBinary: gitBinary(),
    trusted: vscode.workspace.isTrusted,
  };
}

/** The engine's root has no symbolic links in it; the workspace folder below it may be reached through one. */
export async function rootAsShown(folder: string, root: string): Promise<vscode.Uri> {
  const below = path.relative(root, await realpath(folder));
  if (below === '') return vscode.Uri.file(folder);
  return vscode.Uri.file(folder.endsWith(path.sep + below) ? folder.slice(0, -below.length - 1) : root);
}
