import * as vscode from 'vscode';
import { messageOf, TrailError } from '../core/errors.ts';
import type { ContentId } from '../core/facts.ts';
import type { TrailInfo } from '../trail/api.ts';
import type { CheckedVersions } from './checkedVersions.ts';
import { coalesce } from './coalesce.ts';
import { contextKeys } from './contextKeys.ts';
import { itemOf } from './modelItems.ts';
import { type FolderNode, idOf, type ModelNode, type MoreNode, type Node, parentOf } from './nodes.ts';
import type { ModelRef, OpenTrail } from './openTrail.ts';
import type { Trails } from './roots.ts';
import { modelTooltip, versionTooltip, workingTooltip } from './tooltips.ts';

const pageSize = 100;
/** How often a row is revealed, and how long its selection is waited for. */
const revealAttempts = 3;
const selectionMs = 1500;

/** The *Models* view: models, and under each its working copy and versions. */
export class ModelsView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #trails: Trails;
  readonly #checked: CheckedVersions;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #view: vscode.TreeView<Node>;
  readonly #subscriptions: vscode.Disposable;
  /** How many versions of a model are shown, where that is more than a page. */
  readonly #shown = new Map<string, number>();
  #generation = 0;
  #checking = false;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(trails: Trails, checked: CheckedVersions, log: vscode.LogOutputChannel) {
    this.#trails = trails;
    this.#checked = checked;
    this.#log = log;
    contextKeys.state.set('loading');
    this.#view = vscode.window.createTreeView('modeltrail.models', {
      treeDataProvider: this,
      canSelectMany: true,
      showCollapseAll: true,
      manageCheckboxStateManually: true,
    });
    const refreshSoon = coalesce(() => this.#refresh(), 50, 500);
    this.#subscriptions = vscode.Disposable.from(
      this.#view,
      this.#view.onDidChangeCheckboxState(({ items }) => this.#check(items)),
      trails.onDidChange(refreshSoon),
      checked.onDidChange(() => {
        this.#describeChecked();
        // A box that the user clicked shows it already; new rows under the pointer would lose the next click.
        if (!this.#checking) refreshSoon();
      }),
      { dispose: refreshSoon.cancel },
    );
  }

  get selection(): readonly Node[] {
    return this.#view.selection;
  }

  get onDidChangeSelection(): vscode.Event<unknown> {
    return this.#view.onDidChangeSelection;
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return itemOf(node);
  }

  resolveTreeItem(item: vscode.TreeItem, node: Node): vscode.TreeItem {
    if (node.kind === 'model') item.tooltip = modelTooltip(node);
    else if (node.kind === 'working') item.tooltip = workingTooltip(node);
    else if (node.kind === 'version') item.tooltip = versionTooltip(node);
    return item;
  }

  getParent(node: Node): Node | undefined {
    return parentOf(node);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    switch (node?.kind) {
      case undefined:
        return this.#roots();
      case 'folder':
        return (await this.#models()).nodes.filter((child) => child.parent?.folder === node.folder);
      case 'model':
        return this.#versions(node);
      default:
        return [];
    }
  }

  /** Shows and selects a model, or one of its versions. @throws TrailError `notFound` */
  async reveal({ trail, path }: ModelRef, version?: ContentId): Promise<void> {
    // What is revealed among rows that are just replaced is not selected afterwards: then once more.
    for (let attempt = 1; attempt <= revealAttempts; attempt++) {
      const { nodes } = await this.#models();
      const model = nodes.find((node) => node.trail.root === trail.root && node.path === path);
      if (!model) throw new TrailError('notFound', vscode.l10n.t('There is no model {0} here.', path));
      const node = version === undefined ? model : await this.#find(model, version);
      await this.#view.reveal(node, { select: true, focus: true, expand: true });
      if (await this.#isSelected(idOf(node))) return;
    }
  }

  /** Whether a row is selected, which the editor tells a moment after it was revealed. */
  #isSelected(id: string): Promise<boolean> {
    const selected = (): boolean => this.#view.selection.some((node) => idOf(node) === id);
    if (selected()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        listener.dispose();
        resolve(selected());
      };
      const timer = setTimeout(done, selectionMs);
      const listener = this.#view.onDidChangeSelection(() => selected() && done());
    });
  }

  loadMore({ parent, shown }: MoreNode): void {
    this.#shown.set(keyOf(parent), shown + pageSize);
    this.#refresh();
  }

  #refresh(): void {
    this.#generation++;
    this.#changed.fire();
    // Nobody asks for rows that are not visible, but the badge is.
    if (!this.#view.visible) void this.#roots();
  }

  async #roots(): Promise<Node[]> {
    const generation = this.#generation;
    const { nodes, failed } = await this.#models();
    // What came late must not describe what is shown by then.
    if (generation === this.#generation) await this.#describe(nodes);
    const folders = [...new Set(nodes.map((node) => node.parent))].filter((folder) => folder !== undefined);
    return [...(folders.length > 0 ? folders : nodes), ...failed];
  }

  async #models(): Promise<{ nodes: ModelNode[]; failed: Node[] }> {
    const failed: Node[] = [];
    const nodes: ModelNode[] = [];
    const folders = new Map<string, FolderNode>();
    for (const trail of await this.#trails.open()) {
      try {
        for (const row of await trail.models()) nodes.push(modelNode(trail, row, folders));
      } catch (error) {
        this.#log.error(error instanceof Error ? error : String(error));
        failed.push({ kind: 'failed', name: trail.root, message: messageOf(error) });
      }
    }
    for (const { folder, message } of this.#trails.failed) {
      failed.push({ kind: 'failed', name: folder.name, message });
    }
    return { nodes: nodes.sort(byFolderAndPath), failed };
  }

  async #versions(model: ModelNode): Promise<Node[]> {
    const { trail, path, row } = model;
    const shown = this.#shown.get(keyOf(model)) ?? pageSize;
    // One more than shown, because the metrics of the last are compared with it.
    const { total, versions } = await trail.api.versions(path, { offset: 0, limit: shown + 1 });
    const { version: current } = row.working;
    const nodes: Node[] = [
      { kind: 'working', parent: model, version: versions.find((version) => version.id === current) },
    ];
    for (const [index, version] of versions.slice(0, shown).entries()) {
      const checked = this.#checked.has({ root: trail.root, model: path, version: version.id });
      nodes.push({ kind: 'version', parent: model, version, previous: versions[index + 1], checked });
    }
    if (total > shown) nodes.push({ kind: 'more', parent: model, shown, total });
    return nodes;
  }

  async #find(model: ModelNode, id: ContentId): Promise<Node> {
    const { versions } = await model.trail.api.versions(model.path, { offset: 0, limit: model.row.versions });
    const index = versions.findIndex((version) => version.id === id);
    const shown = this.#shown.get(keyOf(model)) ?? pageSize;
    if (index >= shown) {
      this.#shown.set(keyOf(model), Math.ceil((index + 1) / pageSize) * pageSize);
      this.#refresh();
    }
    const children = await this.#versions(model);
    const node = children.find((child) => child.kind === 'version' && child.version.id === id);
    if (!node)
      throw new TrailError('notFound', vscode.l10n.t('{0} has no such version any more.', model.path));
    return node;
  }

  /** What the view says of all its rows together. */
  async #describe(nodes: readonly ModelNode[]): Promise<void> {
    const infos = await Promise.all(
      this.#trails.opened.map((trail) => trail.api.info().catch(() => undefined)),
    );
    const git = (infos.find((info) => info?.git !== 'found') ?? infos[0])?.git;
    if (git) contextKeys.git.set(git);
    contextKeys.state.set(nodes.length > 0 ? 'ready' : 'empty');

    const shallow = infos.some((info) => info?.shallow);
    this.#view.message = nodes.length > 0 ? messageFor(git, shallow) : undefined;
    const changed = nodes.filter(({ row }) => row.working.state === 'changed' && row.versions > 0).length;
    const tooltip =
      changed === 1
        ? vscode.l10n.t('One model differs from every version')
        : vscode.l10n.t('{0} models differ from every version', changed);
    this.#view.badge = changed > 0 ? { value: changed, tooltip } : undefined;
    this.#describeChecked();
  }

  #describeChecked(): void {
    const checked = this.#checked.keys.length;
    this.#view.description = checked > 0 ? vscode.l10n.t('{0} checked', checked) : undefined;
  }

  #check(items: readonly (readonly [Node, vscode.TreeItemCheckboxState])[]): void {
    const checked = vscode.TreeItemCheckboxState.Checked;
    this.#checking = true;
    this.#checked.set(
      items.flatMap(([node, state]) => {
        if (node.kind !== 'version') return [];
        const { trail, path } = node.parent;
        return [[{ root: trail.root, model: path, version: node.version.id }, state === checked] as const];
      }),
    );
    this.#checking = false;
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#changed.dispose();
  }
}

function modelNode(trail: OpenTrail, row: ModelNode['row'], folders: Map<string, FolderNode>): ModelNode {
  const uri = trail.uri(row.path);
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  const shownPath = vscode.workspace.asRelativePath(uri, false).replaceAll('\\', '/');
  const node = { kind: 'model', trail, path: row.path, row, shownPath } as const;
  if (!folder || vscode.workspace.workspaceFolders?.length === 1) return node;
  const key = folder.uri.toString();
  let parent = folders.get(key);
  if (!parent) folders.set(key, (parent = { kind: 'folder', folder }));
  return { ...node, parent };
}

function byFolderAndPath(a: ModelNode, b: ModelNode): number {
  const folders = (a.parent?.folder.index ?? 0) - (b.parent?.folder.index ?? 0);
  return folders || (a.shownPath < b.shownPath ? -1 : 1);
}

function keyOf({ trail, path }: ModelRef): string {
  return `${trail.root}|${path}`;
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
