import * as vscode from 'vscode';
import type { Fact } from '../core/facts.ts';
import { formatMetric } from '../core/formatNumber.ts';
import type { ActivityEntry } from '../trail/api.ts';
import { rowUri } from './decorations.ts';
import type { OpenTrail } from './openTrail.ts';
import { escapeMarkdown, fullTime, listOf, relativeTime } from './text.ts';

export interface EntryNode {
  readonly kind: 'entry';
  readonly trail: OpenTrail;
  readonly entry: ActivityEntry;
}
export interface MoreActivityNode {
  readonly kind: 'moreActivity';
  readonly shown: number;
  readonly total: number;
}
export type ActivityNode = EntryNode | MoreActivityNode;

export function activityItem(node: ActivityNode): vscode.TreeItem {
  return node.kind === 'entry' ? entryItem(node) : moreItem(node);
}

function entryItem({ trail, entry }: EntryNode): vscode.TreeItem {
  const { fact, undone, undoable } = entry;
  const text = sentence(entry);
  const age = relativeTime(fact.time);
  const item = new vscode.TreeItem(text, vscode.TreeItemCollapsibleState.None);
  item.id = `${trail.root}|${fact.id}`;
  item.description = undone ? vscode.l10n.t('undone · {0}', age) : age;
  if (undone) item.resourceUri = rowUri('undone');
  item.iconPath = new vscode.ThemeIcon(
    icons[fact.kind],
    undone ? new vscode.ThemeColor('disabledForeground') : undefined,
  );
  item.contextValue = undoable ? 'activity undoable' : 'activity';
  if ('version' in fact) {
    item.command = {
      command: 'modeltrail.goToVersion',
      title: vscode.l10n.t('Go to Version'),
      arguments: [{ model: fact.model, version: fact.version, root: trail.root }],
    };
  }
  const spoken = undone
    ? vscode.l10n.t('{0}, undone, {1}', text, relativeTime(fact.time, 'long'))
    : undefined;
  item.accessibilityInformation = {
    label: spoken ?? vscode.l10n.t('{0}, {1}', text, relativeTime(fact.time, 'long')),
  };
  return item;
}

export function activityTooltip({ entry: { fact } }: EntryNode): vscode.MarkdownString {
  const by = fact.by.email === undefined ? fact.by.name : `${fact.by.name} <${fact.by.email}>`;
  const lines = [escapeMarkdown(by), escapeMarkdown(fullTime(fact.time)), escapeMarkdown(fact.model)];
  if (fact.kind === 'recorded' || fact.kind === 'measured') {
    for (const [name, value] of Object.entries(fact.metrics ?? {})) {
      lines.push(`${escapeMarkdown(name)} ${escapeMarkdown(formatMetric(value))}`);
    }
  }
  return new vscode.MarkdownString(lines.join('\n\n'));
}

const icons: Readonly<Record<Fact['kind'], string>> = {
  recorded: 'save',
  tagged: 'tag',
  staged: 'milestone',
  noted: 'note',
  measured: 'graph',
  rolledBack: 'history',
  undone: 'discard',
};

/** Who did what, and why. */
function sentence({ fact, versionName: version }: ActivityEntry): string {
  const { l10n } = vscode;
  const { model } = fact;
  const who = fact.by.name;
  switch (fact.kind) {
    case 'recorded':
      return fact.message
        ? l10n.t('{0} recorded {1} of {2}: {3}', who, version, model, fact.message)
        : l10n.t('{0} recorded {1} of {2}', who, version, model);
    case 'tagged':
      return l10n.t('{0} tagged {1} of {2} as {3}', who, version, model, fact.tag);
    case 'staged':
      return l10n.t('{0} put {1} of {2} in {3}', who, version, model, fact.stage);
    case 'noted':
      return fact.note === ''
        ? l10n.t('{0} removed the note on {1} of {2}', who, version, model)
        : l10n.t('{0} noted on {1} of {2}: {3}', who, version, model, fact.note);
    case 'measured':
      return l10n.t(
        '{0} added {1} to {2} of {3}',
        who,
        listOf([...Object.keys(fact.metrics ?? {}), ...Object.keys(fact.params ?? {})]),
        version,
        model,
      );
    case 'rolledBack':
      return l10n.t('{0} rolled {2} back to {1}', who, version, model);
    case 'undone':
      return l10n.t('{0} undid a change to {1} of {2}', who, version, model);
  }
}

function moreItem(node: MoreActivityNode): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Load more'), vscode.TreeItemCollapsibleState.None);
  item.id = 'more';
  item.description = vscode.l10n.t('{0} of {1} changes are shown', node.shown, node.total);
  item.iconPath = new vscode.ThemeIcon('unfold');
  item.command = { command: 'modeltrail.loadMore', title: vscode.l10n.t('Load more'), arguments: [node] };
  return item;
}
