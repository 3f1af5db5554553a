import * as vscode from 'vscode';
import { isElsewhere, isGone, type Version, versionName } from '../core/versions.ts';
import { rowUri } from './decorations.ts';
import { headline } from './headline.ts';
import { manifestUri, openManifest } from './manifestUri.ts';
import type { VersionNode } from './nodes.ts';
import { stageColor } from './stageColor.ts';
import { formatMetric, listOf, relativeTime } from './text.ts';

/** The row of a version. */
export function versionItem(node: VersionNode): vscode.TreeItem {
  const { version, previous, parent } = node;
  const name = versionName(version);
  const tags = version.tags.join(', ');
  const text = [tags, name, version.message].filter((part) => part !== '').join('  ');
  const age = relativeTime(version.time);
  const metric = headline(version.metrics, previous?.metrics);
  const value = metric && `${metric.name} ${formatMetric(metric.value)}`;

  const item = new vscode.TreeItem(
    { label: text, highlights: tags === '' ? [] : [[0, tags.length]] },
    vscode.TreeItemCollapsibleState.None,
  );
  item.description = [[value, metric?.arrow].filter(Boolean).join(' '), age, bytesMark(version)]
    .filter((part) => part !== '')
    .join(' · ');
  item.iconPath = new vscode.ThemeIcon(iconOf(version), stageColor(version.stage));
  if (version.stage !== undefined) item.resourceUri = rowUri(`stage/${version.stage}`);
  item.contextValue = contextOf(node);
  item.checkboxState = {
    state: node.checked ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked,
    tooltip: node.checked ? vscode.l10n.t('Take out of the comparison') : vscode.l10n.t('Compare'),
    accessibilityInformation: { label: vscode.l10n.t('Compare {0} of {1}', name, parent.path) },
  };
  item.command = openManifest(manifestUri({ ...parent, version }));
  item.accessibilityInformation = { label: sentence(node) };
  return item;
}

/** What must be known of its bytes before anything is done with a version; an empty text where they are here. */
export function bytesMark(version: Version): string {
  if (isGone(version)) return vscode.l10n.t('bytes given up');
  return isElsewhere(version) ? vscode.l10n.t('not on this machine') : '';
}

function iconOf(version: Version): string {
  const { sources } = version;
  if (isGone(version)) return 'circle-slash';
  if (sources.includes('recorded') && !version.forgotten) return 'save';
  return sources.includes('lfs') ? 'cloud' : 'git-commit';
}

/** Words that menus look for: `version recorded git tagged staged current nofile forgotten gone`. */
function contextOf({ version, parent }: VersionNode): string {
  const { working } = parent.row;
  const words = ['version', ...version.sources];
  if (version.tags.length > 0) words.push('tagged');
  if (version.stage !== undefined) words.push('staged');
  if (working.state === 'same' && working.version === version.id) words.push('current');
  if (working.state === 'missing') words.push('nofile');
  if (version.forgotten) words.push('forgotten');
  if (isGone(version)) words.push('gone');
  return words.join(' ');
}

function sentence({ version, previous, parent }: VersionNode): string {
  const { l10n } = vscode;
  const parts = [l10n.t('Version {0} of {1}', versionName(version), parent.path)];
  if (version.message !== '') parts.push(version.message);
  if (version.tags.length > 0) parts.push(l10n.t('tagged {0}', listOf(version.tags)));
  if (version.stage !== undefined) parts.push(l10n.t('stage {0}', version.stage));
  const metric = headline(version.metrics, previous?.metrics);
  if (metric) {
    const value = formatMetric(metric.value);
    if (metric.trend === 'better') parts.push(l10n.t('{0} {1}, better than before', metric.name, value));
    else if (metric.trend === 'worse') parts.push(l10n.t('{0} {1}, worse than before', metric.name, value));
    else parts.push(`${metric.name} ${value}`);
  }
  parts.push(relativeTime(version.time, 'long'));
  if (bytesMark(version) !== '') parts.push(bytesMark(version));
  const { working } = parent.row;
  if (working.state === 'same' && working.version === version.id) parts.push(l10n.t('now in place'));
  return parts.join(', ');
}
