import * as vscode from 'vscode';
import type { TrailInfo } from '../trail/api/models.ts';
import { contextKeys } from './contextKeys.ts';
import type { ModelNode } from './nodes.ts';
import type { Trails } from './roots.ts';

/** What the models view says of all its rows together. */
export interface ModelsSummary {
  readonly message: string | undefined;
  readonly badge: vscode.ViewBadge | undefined;
}

/** Tells `when` clauses, too. */
export async function summaryOf(trails: Trails, models: readonly ModelNode[]): Promise<ModelsSummary> {
  const infos = await Promise.all(trails.opened.map((trail) => trail.api.info().catch(() => undefined)));
  const git = (infos.find((info) => info?.git !== 'found') ?? infos[0])?.git;
  if (git) contextKeys.git.set(git);
  contextKeys.state.set(models.length > 0 ? 'ready' : 'empty');
  const shallow = infos.some((info) => info?.shallow);
  return { message: models.length > 0 ? messageFor(git, shallow) : undefined, badge: badgeFor(models) };
}

function badgeFor(models: readonly ModelNode[]): vscode.ViewBadge | undefined {
  const changed = models.filter(({ row }) => row.working.state === 'changed' && row.versions > 0).length;
  if (changed === 0) return undefined;
  const tooltip =
    changed === 1
      ? vscode.l10n.t('One model differs from every version')
      : vscode.l10n.t('{0} models differ from every version', changed);
  return { value: changed, tooltip };
}

function messageFor(git: TrailInfo['git'] | undefined, shallow: boolean): string | undefined {
  const { l10n } = vscode;
  switch (git) {
    case 'untrusted':
      return l10n.t('Restricted Mode: versions in Git history do not show, and nothing can be changed.');
    case 'missingProgram':
      return l10n.t('Git was not found on this machine: only recorded versions show.');
    case 'none':
      return l10n.t('Not in a Git repository: only recorded versions show.');
    default:
      return shallow ? l10n.t('This clone is shallow: older versions are not here.') : undefined;
  }
}
