import { posix } from 'node:path';
import * as vscode from 'vscode';
import type { Fact } from '../core/facts.ts';
import type { ActivityEntry } from '../trail/api/changes.ts';
import type { OpenTrail } from './openTrail.ts';
import { escapeMarkdown, formatMetric, fullTime, listOf, relativeTime } from './text.ts';

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
  const { fact, model, undone, undoable } = entry;
  const { l10n } = vscode;
  const what = deed(entry);
  const who = fact.by.name;
  const item = new vscode.TreeItem(what, vscode.TreeItemCollapsibleState.None);
  item.id = `${trail.root}|${fact.id}`;
  const rest = [posix.basename(model), who, relativeTime(fact.time)];
  item.description = (undone ? [l10n.t('undone'), ...rest] : rest).join(' · ');
  // Not the label too: the editor fades what is beside it further, until it cannot be read.
  item.iconPath = new vscode.ThemeIcon(
    icons[fact.kind],
    undone ? new vscode.ThemeColor('descriptionForeground') : undefined,
  );
  item.contextValue = undoable ? 'activity undoable' : 'activity';
  if ('version' in fact && fact.version !== undefined) {
    item.command = {
      command: 'modeltrail.goToVersion',
      title: l10n.t('Go to Version'),
      arguments: [{ model, version: fact.version, root: trail.root }],
    };
  }
  const age = relativeTime(fact.time, 'long');
  item.accessibilityInformation = {
    label: undone
      ? l10n.t('{0}, in {1}, by {2}, {3}, undone', what, model, who, age)
      : l10n.t('{0}, in {1}, by {2}, {3}', what, model, who, age),
  };
  return item;
}

export function activityTooltip({ entry: { fact, model } }: EntryNode): vscode.MarkdownString {
  const by = fact.by.email === undefined ? fact.by.name : `${fact.by.name} <${fact.by.email}>`;
  const lines = [escapeMarkdown(by), escapeMarkdown(fullTime(fact.time)), escapeMarkdown(model)];
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
  untagged: 'tag',
  unstaged: 'milestone',
  noted: 'note',
  measured: 'graph',
  rolledBack: 'history',
  forgotten: 'trash',
  renamed: 'arrow-right',
  undone: 'discard',
};

/** What was done, and why. */
function deed(entry: ActivityEntry): string {
  const { fact, undid, versionName: version } = entry;
  const { l10n } = vscode;
  switch (fact.kind) {
    case 'recorded':
      if (entry.again)
        return fact.message
          ? l10n.t('Recorded {0} again: {1}', version, fact.message)
          : l10n.t('Recorded {0} again', version);
      return fact.message
        ? l10n.t('Recorded {0}: {1}', version, fact.message)
        : l10n.t('Recorded {0}', version);
    case 'tagged':
      return l10n.t('Tagged {0} as {1}', version, fact.tag);
    case 'staged':
      return l10n.t('Put {0} in {1}', version, fact.stage);
    case 'untagged':
      return l10n.t('Took the tag {0} off {1}', fact.tag, version);
    case 'unstaged':
      return l10n.t('Took {0} out of {1}', version, fact.stage);
    case 'noted':
      return fact.note === ''
        ? l10n.t('Removed the note on {0}', version)
        : l10n.t('Noted on {0}: {1}', version, fact.note);
    case 'measured': {
      const names = listOf([...Object.keys(fact.metrics ?? {}), ...Object.keys(fact.params ?? {})]);
      return l10n.t('Added {0} to {1}', names, version);
    }
    case 'rolledBack':
      return l10n.t('Rolled back to {0}', version);
    case 'forgotten':
      return l10n.t('Gave up the bytes of {0}', version);
    case 'renamed':
      return l10n.t('Renamed {0} to {1}', fact.model, fact.to);
    case 'undone':
      return undid
        ? l10n.t('Undid: {0}', deed({ ...entry, fact: undid, undid: undefined }))
        : l10n.t('Undid a change to {0}', version);
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
