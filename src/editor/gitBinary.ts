import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';

/** The setting of VS Code's own Git extension: a path, or several of which the first that exists counts. */
export const gitPath = 'git.path';

/** The Git program that the user has set. What a workspace says is not asked: it names a program that is run. */
export function gitBinary(): string | undefined {
  const set = vscode.workspace.getConfiguration().inspect<string | string[] | null>(gitPath)?.globalValue;
  return [set ?? []].flat().find((file) => path.isAbsolute(file) && existsSync(file));
}
