import * as vscode from 'vscode';
import { shortId } from '../core/shortId.ts';
import { type Version, versionName, type WorkingCopy } from '../core/versions.ts';
import type { ModelRow } from '../trail/api/models.ts';
import { changeOf, rowUri } from './decorations.ts';
import { headlineText } from './headlineText.ts';
import { idOf, type ModelNode, type MoreNode, type Node, type WorkingNode } from './nodes.ts';
import { seriesItem } from './seriesItem.ts';
import { showModelOf } from './showModelOf.ts';
import { baseName, formatBytes, relativeTime, versionCount } from './text.ts';
import { versionItem } from './versionItem.ts';

const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;

/** What a row looks like and says; the tooltip comes when it is asked for. */
export function itemOf(node: Node): vscode.TreeItem {
  const item = bareItem(node);
  item.id = idOf(node);
  return item;
}

function bareItem(node: Node): vscode.TreeItem {
  switch (node.kind) {
    case 'folder': {
      const item = new vscode.TreeItem(node.folder.name, Expanded);
      item.iconPath = vscode.ThemeIcon.Folder;
      item.contextValue = 'folder';
      return item;
    }
    case 'series':
      return seriesItem(node);
    case 'model':
      return modelItem(node);
    case 'working':
      return workingItem(node);
    case 'version':
      return versionItem(node);
    case 'more':
      return moreItem(node);
    case 'failed': {
      const item = new vscode.TreeItem(node.name, None);
      item.description = node.message;
      item.tooltip = node.message;
      // Else only the tooltip would be read out.
      item.accessibilityInformation = { label: vscode.l10n.t('{0}: {1}', node.name, node.message) };
      item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('errorForeground'));
      item.contextValue = 'failed';
      item.command = { command: 'modeltrail.showLog', title: vscode.l10n.t('Show Log') };
      return item;
    }
  }
}

function modelItem(node: ModelNode): vscode.TreeItem {
  const { shownPath, row, difference, startsOpen } = node;
  const name = baseName(shownPath);
  const folder = shownPath.slice(0, -name.length - 1);
  const state = row.working.state === 'same' ? '' : stateText(row, undefined);
  const count = countText(node);
  const metric = row.latest && headlineText(row.latest.metrics, row.metricsBefore);
  const item = new vscode.TreeItem(name, startsOpen ? Expanded : Collapsed);
  // In a narrow view the end is cut off, and models of one folder differ in their state.
  const place = folder === difference ? '' : folder;
  item.description = [difference, state, metric?.value, row.versions > 0 ? count : '', place]
    .filter(Boolean)
    .join(' · ');
  item.iconPath = new vscode.ThemeIcon(row.working.files === undefined ? 'file-binary' : 'package');
  const change = changeOf(row);
  if (change) item.resourceUri = rowUri(change);
  item.contextValue = `model ${stateWords(row)}`;
  const latest = metric && vscode.l10n.t('latest {0}', metric.words);
  const said = new Set([vscode.l10n.t('Model {0}', shownPath), count, latest, state].filter(Boolean));
  item.accessibilityInformation = { label: [...said].join(', ') };
  return item;
}

/** How many versions show: a filter, or what is not known of Git, may hide others. */
function countText({ row: { versions, historyHidden }, matching }: ModelNode): string {
  const { l10n } = vscode;
  if (matching !== undefined && matching < versions) return l10n.t('{0} of {1} versions', matching, versions);
  if (historyHidden) {
    if (versions === 0) return historyText(historyHidden);
    return versions === 1 ? l10n.t('one recorded version') : l10n.t('{0} recorded versions', versions);
  }
  if (versions === 0) return l10n.t('no versions');
  return versions === 1 ? l10n.t('one version') : versionCount(versions);
}

function historyText(hidden: NonNullable<ModelRow['historyHidden']>): string {
  return hidden === 'reading' ? vscode.l10n.t('reading Git history') : vscode.l10n.t('history not shown');
}

/** Words that menus look for: `changed unrecorded moved`. */
function stateWords({ working, versions }: ModelRow): string {
  if (versions > 0) return working.state;
  return working.movedFrom === undefined
    ? `${working.state} unrecorded`
    : `${working.state} unrecorded moved`;
}

/** What the working copy is: `same as v4`, `changed`... */
export function stateText(
  { working, versions, historyHidden }: ModelRow,
  version: Version | undefined,
): string {
  const name = version ? versionName(version) : shortId(working.version ?? '');
  switch (working.state) {
    case 'same':
      return vscode.l10n.t('same as {0}', name);
    case 'changed':
      if (versions > 0) return vscode.l10n.t('changed');
      if (working.movedFrom !== undefined)
        return vscode.l10n.t('same as {0}, which is gone', working.movedFrom);
      return historyHidden ? historyText(historyHidden) : vscode.l10n.t('not recorded');
    case 'unchecked':
      return vscode.l10n.t('not checked yet');
    case 'pointer':
      return pointerText(working);
    case 'missing':
      return vscode.l10n.t('missing');
    case 'unreadable':
      return vscode.l10n.t('not readable');
  }
}

function pointerText({ object }: WorkingCopy): string {
  switch (object) {
    case 'lfs':
      return vscode.l10n.t('LFS pointer, its object is here: git lfs checkout');
    case 'store':
      return vscode.l10n.t('LFS pointer, its bytes are kept here');
    case undefined:
      return vscode.l10n.t('LFS pointer, bytes not downloaded');
  }
}

const stateIcons: Readonly<Record<WorkingCopy['state'], vscode.ThemeIcon>> = {
  same: new vscode.ThemeIcon('pass'),
  changed: new vscode.ThemeIcon('edit', new vscode.ThemeColor('gitDecoration.modifiedResourceForeground')),
  unchecked: new vscode.ThemeIcon('question'),
  pointer: new vscode.ThemeIcon('cloud-download'),
  missing: new vscode.ThemeIcon('circle-slash'),
  unreadable: new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground')),
};

function workingItem(node: WorkingNode): vscode.TreeItem {
  const { path, row } = node.parent;
  const { working } = row;
  const state = stateText(row, node.version);
  const size = working.size === undefined || working.state === 'pointer' ? '' : formatBytes(working.size);
  const age = working.time === undefined ? '' : relativeTime(working.time);
  const item = new vscode.TreeItem(vscode.l10n.t('Working copy'), None);
  item.description = [state, size, age].filter((part) => part !== '').join(' · ');
  item.iconPath = working.object === undefined ? stateIcons[working.state] : new vscode.ThemeIcon('cloud');
  item.contextValue = `working ${stateWords(row)}`;
  item.command =
    working.state === 'unchecked'
      ? {
          command: 'modeltrail.checkWorkingCopy',
          title: vscode.l10n.t('Check Working Copy'),
          arguments: [node],
        }
      : working.state === 'missing'
        ? undefined
        : showModelOf(node);
  item.accessibilityInformation = {
    label: [vscode.l10n.t('Working copy of {0}', path), state, size, age]
      .filter((part) => part !== '')
      .join(', '),
  };
  return item;
}

function moreItem(node: MoreNode): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Load more'), None);
  item.description = vscode.l10n.t('{0} of {1} versions are shown', node.shown, node.total);
  item.iconPath = new vscode.ThemeIcon('unfold');
  item.contextValue = 'more';
  item.command = { command: 'modeltrail.loadMore', title: vscode.l10n.t('Load more'), arguments: [node] };
  return item;
}
