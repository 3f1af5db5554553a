import * as vscode from 'vscode';
import {
  type ActivityNode,
  activityItem,
  activityTooltip,
  type EntryNode,
  type MoreActivityNode,
} from './activityItems.ts';
import { coalesce } from './coalesce.ts';
import { everyMinute } from './everyMinute.ts';
import { logError } from './log.ts';
import type { OpenTrail } from './openTrail.ts';
import type { Trails } from './trails.ts';
import { relativeTime } from './text.ts';

const pageSize = 100;

/** The *Activity* view: the journals of all trails as one, newest first. */
export class ActivityView implements vscode.TreeDataProvider<ActivityNode>, vscode.Disposable {
  readonly #trails: Trails;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable;
  #shown = pageSize;
  /** What was listed last, and how old it was said to be. */
  #entries: readonly EntryNode[] = [];
  #ages = '';

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(trails: Trails, log: vscode.LogOutputChannel) {
    this.#trails = trails;
    this.#log = log;
    const refreshSoon = coalesce(() => this.#changed.fire(), 50, 500);
    const view = vscode.window.createTreeView('modeltrail.activity', { treeDataProvider: this });
    this.#subscriptions = vscode.Disposable.from(
      view,
      everyMinute(view, () => {
        if (agesOf(this.#entries) !== this.#ages) this.#changed.fire();
      }),
      trails.onDidChange(({ change }) => {
        if (change !== 'workingCopies') refreshSoon();
      }),
      { dispose: refreshSoon.cancel },
    );
  }

  getTreeItem(node: ActivityNode): vscode.TreeItem {
    return activityItem(node);
  }

  resolveTreeItem(item: vscode.TreeItem, node: ActivityNode): vscode.TreeItem {
    if (node.kind === 'entry') item.tooltip = activityTooltip(node);
    return item;
  }

  getParent(): undefined {
    return undefined;
  }

  async getChildren(node?: ActivityNode): Promise<ActivityNode[]> {
    if (node) return [];
    const shown = this.#shown;
    const pages = await Promise.all((await this.#trails.open()).map((trail) => this.#page(trail, shown)));
    const entries = pages.flatMap((page) => page.entries).sort(newestFirst);
    const total = pages.reduce((sum, page) => sum + page.total, 0);
    this.#entries = entries.slice(0, shown);
    this.#ages = agesOf(this.#entries);
    if (total <= shown) return entries;
    return [...this.#entries, { kind: 'moreActivity', shown, total }];
  }

  loadMore({ shown }: MoreActivityNode): void {
    this.#shown = shown + pageSize;
    this.#changed.fire();
  }

  async #page(trail: OpenTrail, limit: number): Promise<{ entries: EntryNode[]; total: number }> {
    try {
      const { entries, total } = await trail.api.activity({ offset: 0, limit });
      return { entries: entries.map((entry) => ({ kind: 'entry', trail, entry })), total };
    } catch (error) {
      // The models view shows what is wrong with a trail.
      logError(this.#log, error);
      return { entries: [], total: 0 };
    }
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#changed.dispose();
  }
}

function agesOf(entries: readonly EntryNode[]): string {
  return entries.map(({ entry }) => relativeTime(entry.fact.time)).join();
}

function newestFirst(a: EntryNode, b: EntryNode): number {
  const [one, other] = [a.entry.fact.time, b.entry.fact.time];
  // Of one moment they stay in the order of their journal.
  return Number(one < other) - Number(one > other);
}
