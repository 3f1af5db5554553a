import * as vscode from 'vscode';
import type { ContentId } from '../core/facts.ts';
import type { CheckedVersions } from './checkedVersions.ts';
import { coalesce } from './coalesce.ts';
import { contextKeys } from './contextKeys.ts';
import { everyMinute } from './everyMinute.ts';
import { filterMessage } from './filterMessage.ts';
import type { FilterState } from './filterState.ts';
import { itemOf } from './modelItems.ts';
import { summaryOf } from './modelsSummary.ts';
import { ModelTree } from './modelTree.ts';
import { idOf, type ModelNode, type MoreNode, type Node, parentOf } from './nodes.ts';
import type { ModelRef } from './openTrail.ts';
import { selectedSoon } from './selectedSoon.ts';
import type { Trails } from './trails.ts';
import { modelTooltip, seriesTooltip, versionTooltip, workingTooltip } from './tooltips.ts';
import { countKnown } from './versionsOfKeys.ts';

/** How often a row is revealed. */
const revealAttempts = 3;

/** The *Models* view: models, those of a long series under one row, and under each its working copy and versions. */
export class ModelsView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #trails: Trails;
  readonly #checked: CheckedVersions;
  readonly #filter: FilterState;
  readonly #tree: ModelTree;
  /** Without rows, all of them. */
  readonly #changed = new vscode.EventEmitter<Node[] | undefined>();
  readonly #view: vscode.TreeView<Node>;
  readonly #subscriptions: vscode.Disposable;
  /** Once the user has clicked the last of some boxes: new rows under the pointer would lose the next click. */
  readonly #refreshWhenQuiet = coalesce(() => void this.#refresh(), 500, 2000);
  #generation = 0;
  #looksAtChecked = 0;
  #checking = false;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(trails: Trails, checked: CheckedVersions, filter: FilterState, log: vscode.LogOutputChannel) {
    this.#trails = trails;
    this.#checked = checked;
    this.#filter = filter;
    this.#tree = new ModelTree(trails, checked, filter, log);
    contextKeys.state.set('loading');
    this.#view = vscode.window.createTreeView('modeltrail.models', {
      treeDataProvider: this,
      canSelectMany: true,
      showCollapseAll: true,
      manageCheckboxStateManually: true,
    });
    const refreshSoon = coalesce(() => void this.#refresh(), 50, 500);
    this.#subscriptions = vscode.Disposable.from(
      this.#view,
      this.#view.onDidChangeCheckboxState(({ items }) => this.#check(items)),
      trails.onDidChange(refreshSoon),
      filter.onDidChange(() => void this.#showFiltered()),
      everyMinute(this.#view, this.#refreshWhenQuiet),
      checked.onDidChange(() => {
        void this.#describeChecked();
        // A box that the user clicked shows it already; new rows under the pointer would lose the next click.
        if (!this.#checking) refreshSoon();
      }),
      { dispose: refreshSoon.cancel },
      { dispose: this.#refreshWhenQuiet.cancel },
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

  async resolveTreeItem(item: vscode.TreeItem, node: Node): Promise<vscode.TreeItem> {
    if (node.kind === 'series') item.tooltip = seriesTooltip(node);
    else if (node.kind === 'model') item.tooltip = modelTooltip(node);
    else if (node.kind === 'working') item.tooltip = workingTooltip(node);
    else if (node.kind === 'version') item.tooltip = await versionTooltip(node);
    return item;
  }

  getParent(node: Node): Node | undefined {
    return parentOf(node);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    const generation = this.#generation;
    const children = await this.#tree.children(node);
    // What is said of all rows together has to wait for what they are now; the rows have not.
    if (!node) void this.#describe((await this.#tree.models()).models, generation);
    return [...children];
  }

  /** Shows and selects a model, or one of its versions. @throws TrailError `notFound` */
  async reveal(ref: ModelRef, version?: ContentId): Promise<void> {
    // What is revealed among rows that are just replaced is not selected afterwards: then once more.
    for (let attempt = 1; attempt <= revealAttempts; attempt++) {
      const model = await this.#tree.findModel(ref);
      if (await this.#tree.isLeftOut(model, version)) {
        this.#filter.set('');
        await this.#refresh();
        void vscode.window.showInformationMessage(
          vscode.l10n.t('The filter was cleared, because it left out what is to be shown of {0}.', ref.path),
        );
      }
      const node = version === undefined ? model : await this.#findVersion(model, version);
      await this.#view.reveal(node, { select: true, focus: true, expand: true });
      if (await selectedSoon(this.#view, idOf(node))) return;
    }
  }

  async #findVersion(model: ModelNode, version: ContentId): Promise<Node> {
    const { node, isFurther } = await this.#tree.findVersion(model, version);
    if (isFurther) this.#changed.fire([model]);
    return node;
  }

  loadMore(node: MoreNode): void {
    this.#tree.showMore(node);
    this.#changed.fire([node.parent]);
  }

  /** Has the editor ask for the rows that are not as it knows them. */
  async #refresh(): Promise<void> {
    const generation = ++this.#generation;
    const { models, changed } = await this.#tree.changes();
    if (changed === 'all') this.#changed.fire(undefined);
    else if (changed.length > 0) this.#changed.fire([...changed]);
    // Nobody asks for rows that are not visible, but the badge is.
    await this.#describe(models, generation);
  }

  /** With what the filter leaves in sight, unless that is much. */
  async #showFiltered(): Promise<void> {
    await this.#refresh();
    const { shown } = await this.#tree.models();
    for (const node of shown) {
      if (!this.#view.visible || node.matching === undefined || !node.startsOpen) return;
      // A row that is replaced meanwhile cannot be revealed; it stays closed.
      await this.#view.reveal(node, { select: false, focus: false, expand: true }).then(undefined, () => {});
    }
  }

  async #describe(models: readonly ModelNode[], generation: number): Promise<void> {
    const { message, badge } = await summaryOf(this.#trails, models);
    // What came late must not describe what is shown by then.
    if (generation !== this.#generation) return;
    const filtered = filterMessage(this.#filter.text, models);
    this.#view.message = [message, filtered].filter(Boolean).join(' ') || undefined;
    this.#view.badge = badge;
    await this.#describeChecked();
  }

  /** Versions whose rows are gone do not count; they may come back with a branch. */
  async #describeChecked(): Promise<void> {
    const look = ++this.#looksAtChecked;
    const { keys } = this.#checked;
    contextKeys.checked.set(keys.length > 0);
    const checked = await countKnown(this.#trails, keys).catch(() => 0);
    if (look !== this.#looksAtChecked) return;
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
    const areShown = items.map(([node]) => node.kind !== 'version' || this.#tree.boxClicked(node.parent));
    // Without its row comes a click while the editor is just asking for rows.
    if (items.length === 0) this.#tree.unknownBoxClicked();
    if (items.length === 0 || areShown.includes(false)) this.#refreshWhenQuiet();
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#changed.dispose();
  }
}
