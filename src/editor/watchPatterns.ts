import path from 'node:path';
import * as vscode from 'vscode';
import { gitFolders } from './gitFolders.ts';
import type { OpenTrail } from './openTrail.ts';

/** What to watch inside the workspace's folders, where VS Code watches recursively already. */
export function workspacePatterns(trail: OpenTrail): vscode.GlobPattern[] {
  const base = trail.base.fsPath;
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(
    ({ uri: { fsPath } }) => fsPath === base || fsPath.startsWith(base + path.sep),
  );
  return folders.flatMap((folder) => {
    const isRoot = folder.uri.fsPath === base;
    // Globs are relative to the root: in a folder below it only those that fit anywhere mean the same.
    const globs = trail.settings.include.filter((glob) => isRoot || glob.startsWith('**/'));
    const patterns = asFewAsPossible(globs);
    if (isRoot) patterns.push('.modeltrail');
    return patterns.map((pattern) => new vscode.RelativePattern(folder, pattern));
  });
}

/** What has a meaning in globs may be in a name: then any character will do in its place. */
export function asGlob(name: string): string {
  return name.replace(/[[\]{}*?]/g, '?');
}

/** Braces cannot be nested, so globs that have some stay on their own. */
function asFewAsPossible(globs: readonly string[]): string[] {
  const plain = globs.filter((glob) => !/[{}]/.test(glob));
  const braced = globs.filter((glob) => /[{}]/.test(glob));
  return plain.length > 1 ? [`{${plain.join(',')}}`, ...braced] : [...plain, ...braced];
}

/** Where Git says that branches moved, which may lie outside. Plain names only, so nothing is watched recursively. */
export async function gitPatterns(root: string): Promise<vscode.GlobPattern[]> {
  const git = vscode.workspace.isTrusted ? await gitFolders(root) : undefined;
  if (!git) return [];
  return [
    new vscode.RelativePattern(vscode.Uri.file(git.own), '{HEAD,ORIG_HEAD,COMMIT_EDITMSG}'),
    new vscode.RelativePattern(vscode.Uri.file(path.join(git.own, 'logs')), 'HEAD'),
    new vscode.RelativePattern(vscode.Uri.file(git.common), '{packed-refs,FETCH_HEAD}'),
    new vscode.RelativePattern(vscode.Uri.file(path.join(git.common, 'refs', 'heads')), '*'),
  ];
}
