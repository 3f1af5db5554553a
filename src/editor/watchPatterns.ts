import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
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

/** Git's own folder for a working tree, and the one that all working trees of the repository share. */
async function gitFolders(start: string): Promise<{ own: string; common: string } | undefined> {
  for (let folder = start; ; folder = path.dirname(folder)) {
    const git = path.join(folder, '.git');
    const found = await stat(git).catch(() => undefined);
    if (found?.isDirectory()) return { own: git, common: git };
    if (found?.isFile()) return linkedGitFolders(git);
    if (folder === path.dirname(folder)) return undefined;
  }
}

/** In a worktree or a submodule `.git` is a file that names the folder. */
async function linkedGitFolders(file: string): Promise<{ own: string; common: string } | undefined> {
  const target = /^gitdir: (.+)$/m.exec(await readFile(file, 'utf8'))?.[1];
  if (target === undefined) return undefined;
  const own = path.resolve(path.dirname(file), target.trim());
  const common = await readFile(path.join(own, 'commondir'), 'utf8').catch(() => '.');
  return { own, common: path.resolve(own, common.trim()) };
}
