import * as vscode from 'vscode';
import { isElsewhere, isGone, type Version, versionName } from '../core/versions.ts';
import { rowUri } from './decorations.ts';
import { headlineText } from './headlineText.ts';
import type { VersionNode } from './nodes.ts';
import { showModelOf } from './showModelOf.ts';
import { stageColor } from './stageColor.ts';
import { listOf, relativeTime, shortened } from './text.ts';

/** Beside so long a label its metric can be read in a side bar as wide as it is at first; of a message less than the other says nothing. */
const labelLength = 20;
const leastMessage = 10;

/** The row of a version. */
export function versionItem(node: VersionNode): vscode.TreeItem {
  const { version, metricsBefore, parent } = node;
  const name = versionName(version);
  const metric = headlineText(version.metrics, metricsBefore);
  const item = new vscode.TreeItem(
    labelOf(version, metric !== undefined),
    vscode.TreeItemCollapsibleState.None,
  );
  item.description = [
    metric && `${metric.value} ${metric.name}`,
    relativeTime(version.time),
    bytesMark(version),
  ]
    .filter(Boolean)
    .join(' · ');
  item.iconPath = new vscode.ThemeIcon(iconOf(version), stageColor(version.stage));
  if (version.stage !== undefined) item.resourceUri = rowUri(`stage/${version.stage}`);
  item.contextValue = contextOf(node);
  item.checkboxState = {
    state: node.checked ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked,
    tooltip: node.checked ? vscode.l10n.t('Take out of the comparison') : vscode.l10n.t('Compare'),
    accessibilityInformation: { label: vscode.l10n.t('Compare {0} of {1}', name, parent.path) },
  };
  item.command = showModelOf(node);
  item.accessibilityInformation = { label: sentence(node) };
  return item;
}

/** Its tags, what it is called, and as much of its message as leaves room for its metric; the whole of it is in the tooltip. */
function labelOf(version: Version, hasMetric: boolean): string {
  const { message } = version;
  const tags = version.tags.length > 0 ? `[${version.tags.join(', ')}] ` : '';
  const name = `${tags}${versionName(version)}`;
  const room = labelLength - name.length - 2;
  const shown = hasMetric ? (room < leastMessage ? '' : shortened(message, room)) : message;
  return shown === '' ? name : `${name}  ${shown}`;
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

function sentence({ version, metricsBefore, parent }: VersionNode): string {
  const { l10n } = vscode;
  const parts = [l10n.t('Version {0} of {1}', versionName(version), parent.path)];
  if (version.message !== '') parts.push(version.message);
  if (version.tags.length > 0) parts.push(l10n.t('tagged {0}', listOf(version.tags)));
  if (version.stage !== undefined) parts.push(l10n.t('stage {0}', version.stage));
  const metric = headlineText(version.metrics, metricsBefore);
  if (metric) parts.push(metric.words);
  parts.push(relativeTime(version.time, 'long'));
  if (bytesMark(version) !== '') parts.push(bytesMark(version));
  const { working } = parent.row;
  if (working.state === 'same' && working.version === version.id) parts.push(l10n.t('now in place'));
  return parts.join(', ');
}
