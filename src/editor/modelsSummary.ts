import * as vscode from 'vscode';
import type { TrailInfo } from '../trail/api/models.ts';
import { contextKeys } from './contextKeys.ts';
import { changeOf } from './decorations.ts';
import type { ModelNode } from './nodes.ts';
import type { Trails } from './trails.ts';
import { listOf } from './text.ts';

/** What the models view says of all its rows together. */
export interface ModelsSummary {
  readonly message: string | undefined;
  readonly badge: vscode.ViewBadge | undefined;
}

/** Tells `when` clauses, too. */
export async function summaryOf(trails: Trails, models: readonly ModelNode[]): Promise<ModelsSummary> {
  const asked = trails.opened.map((trail) => trail.api.info().catch(() => undefined));
  const infos = (await Promise.all(asked)).filter((info) => info !== undefined);
  const git = gitOf(infos.map((info) => info.git));
  if (git) contextKeys.git.set(git);
  contextKeys.state.set(models.length > 0 ? 'ready' : 'empty');
  return { message: messageFor(infos, models), badge: badgeFor(models) };
}

/** What is wrong with Git for any folder, else what it is for all of them. */
function gitOf(states: readonly TrailInfo['git'][]): TrailInfo['git'] | undefined {
  const wrong = states.find((state) => state === 'refused' || state === 'missingProgram');
  return wrong ?? (states.every((state) => state === states[0]) ? states[0] : 'found');
}

function badgeFor(models: readonly ModelNode[]): vscode.ViewBadge | undefined {
  const changes = models.flatMap(({ row }) => changeOf(row) ?? []);
  if (changes.length === 0) return undefined;
  return {
    value: changes.length,
    tooltip: badgeText(changes.length, changes.includes('changedSinceRecorded')),
  };
}

/** @param isHistoryHidden whether there may be versions that do not show */
function badgeText(changed: number, isHistoryHidden: boolean): string {
  const { l10n } = vscode;
  if (isHistoryHidden)
    return changed === 1
      ? l10n.t('One model differs from every recorded version')
      : l10n.t('{0} models differ from every recorded version', changed);
  return changed === 1
    ? l10n.t('One model differs from every version')
    : l10n.t('{0} models differ from every version', changed);
}

/** With the names of the folders that it is about, unless that is all of them. */
function messageFor(infos: readonly TrailInfo[], models: readonly ModelNode[]): string | undefined {
  const folders = new Map<string, string[]>();
  for (const info of infos) {
    const shown = models.filter(({ trail }) => trail.root === info.root);
    if (shown.length === 0) continue;
    const text = historyText(info);
    const names = shown.map(({ parent }) => parent?.folder.name ?? '');
    folders.set(text, [...(folders.get(text) ?? []), ...names]);
  }
  const texts = [...folders].filter(([text]) => text !== '');
  if (texts.length === 0) return undefined;
  if (folders.size === 1) return texts[0]?.[0];
  const named = texts.map(([text, names]) => vscode.l10n.t('{0}: {1}', listOf([...new Set(names)]), text));
  return named.join(' ');
}

/** What one has to know about the versions in Git history; empty when they are all there. */
function historyText({ git, shallow, problems, root }: TrailInfo): string {
  const { l10n } = vscode;
  switch (git) {
    case 'untrusted':
      return l10n.t('Restricted Mode: versions in Git history do not show, and nothing can be changed.');
    case 'missingProgram':
      return l10n.t(
        'Git was not found on this machine: only recorded versions show. If it is there, set "git.path".',
      );
    case 'refused':
      return l10n.t(
        'Versions in Git history do not show until this is put right and the view refreshed: {0}',
        problems.find(({ path }) => path === root)?.message ?? '',
      );
    case 'none':
      return l10n.t('Not in a Git repository: only recorded versions show.');
    case 'found':
      return shallow ? l10n.t('This clone is shallow: older versions are not here.') : '';
  }
}
