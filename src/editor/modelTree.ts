import * as vscode from 'vscode';
import { TrailError } from '../core/errors.ts';
import type { ContentId } from '../core/facts.ts';
import type { CheckedVersions } from './checkedVersions.ts';
import type { FilterState } from './filterState.ts';
import { ListedModel, pageSize } from './listedModel.ts';
import { ModelNodes, type Models } from './modelNodes.ts';
import {
  idOf,
  type ModelNode,
  type MoreNode,
  type Node,
  type SeriesNode,
  type VersionNode,
} from './nodes.ts';
import type { ModelRef } from './openTrail.ts';
import { modelState, rootState, seriesState } from './rowState.ts';
import type { Trails } from './trails.ts';
import { VersionRows } from './versionRows.ts';

/** The rows of the models view: which there are, and which are no longer as they were listed. */
export class ModelTree {
  readonly #nodes: ModelNodes;
  readonly #versions: VersionRows;
  /** What was listed: of the rows at the top, of each series, and of each model. */
  #rootListed: string | undefined;
  readonly #seriesListed = new Map<string, string>();
  readonly #listed = new Map<string, ListedModel>();
  #looks = 0;

  constructor(trails: Trails, checked: CheckedVersions, filter: FilterState, log: vscode.LogOutputChannel) {
    this.#nodes = new ModelNodes(trails, filter, log);
    this.#versions = new VersionRows(checked, filter);
  }

  /** The rows below one, or at the top, as they are from now on listed. */
  async children(node: Node | undefined): Promise<readonly Node[]> {
    switch (node?.kind) {
      case undefined:
        return this.#roots();
      case 'folder':
        return (await this.#nodes.load()).rows.filter((child) => child.parent === node);
      case 'series':
        await this.#nodes.load();
        return node.shown;
      case 'model':
        return this.#children(node);
      default:
        return [];
    }
  }

  async #children(node: ModelNode): Promise<readonly Node[]> {
    const listed = this.#listedOf(node);
    try {
      const children = this.#takeComing(node) ?? (await this.#versions.of(node, listed.shown));
      listed.list(children, this.#versions.boxesOf(node));
      return children;
    } catch (error) {
      listed.listFailed();
      throw error;
    }
  }

  async #roots(): Promise<readonly Node[]> {
    const { shown, rows, failed } = await this.#nodes.load();
    this.#rootListed = rootState(rows, failed);
    this.#seriesListed.clear();
    this.#changedSeries(rows);
    for (const node of shown) this.#listedOf(node).row = modelState(node);
    const folders = [...new Set(rows.map((row) => row.parent))].filter((folder) => folder !== undefined);
    return [...(folders.length > 0 ? folders : rows), ...failed];
  }

  /** Those of the series that are no longer as they were listed, which they are from now on. */
  #changedSeries(rows: readonly (ModelNode | SeriesNode)[]): ReadonlySet<SeriesNode> {
    const changed = new Set<SeriesNode>();
    for (const row of rows) {
      if (row.kind !== 'series') continue;
      const [id, state] = [idOf(row), seriesState(row)];
      if (this.#seriesListed.get(id) !== state) changed.add(row);
      this.#seriesListed.set(id, state);
    }
    return changed;
  }

  models(): Promise<Models> {
    return this.#nodes.load();
  }

  #listedOf(node: ModelNode): ListedModel {
    const id = idOf(node);
    let listed = this.#listed.get(id);
    if (!listed) this.#listed.set(id, (listed = new ListedModel()));
    return listed;
  }

  /** What has to be listed anew, with what is below it: everything, or some rows. */
  async changes(): Promise<Models & { readonly changed: 'all' | readonly Node[] }> {
    const look = ++this.#looks;
    const models = await this.#nodes.load();
    // A later look knows better.
    const isOvertaken = (): boolean => look !== this.#looks;
    if (isOvertaken()) return { ...models, changed: [] };
    if (rootState(models.rows, models.failed) !== this.#rootListed) {
      this.#forgetBelow(models.models);
      return { ...models, changed: 'all' };
    }
    const series = this.#changedSeries(models.rows);
    const changed: Node[] = [...series];
    for (const node of models.shown) {
      const listed = this.#listedOf(node);
      const { shown } = listed;
      const children = listed.isOpened ? await this.#childrenNow(node, shown) : undefined;
      if (isOvertaken()) break;
      // Where more are to be shown by now, the editor asks for them anyway.
      if (shown !== listed.shown) continue;
      const isBelowChanged = node.series !== undefined && series.has(node.series);
      const [state, boxes] = [modelState(node), this.#versions.boxesOf(node)];
      const isSame = state === listed.row && (!children || listed.isListed(children, boxes));
      if (isSame && !isBelowChanged) continue;
      listed.row = state;
      if (children) listed.prepare(children, boxes);
      if (!isBelowChanged) changed.push(node);
    }
    return { ...models, changed };
  }

  /** The editor lists everything anew, but maybe much later: what was prepared would be old by then. */
  #forgetBelow(models: readonly ModelNode[]): void {
    const ids = new Set(models.map(idOf));
    for (const [id, listed] of this.#listed) {
      if (ids.has(id)) listed.takeComing();
      else this.#listed.delete(id);
    }
  }

  /** The user clicked a box of a model's versions. False where it may not show it, because rows listed before the click came after it. */
  boxClicked(node: ModelNode): boolean {
    return this.#listedOf(node).boxClicked(this.#versions.boxesOf(node));
  }

  /** The user clicked a box of a row that the editor did not know, so that any box may show what is not so. */
  unknownBoxClicked(): void {
    this.#rootListed = undefined;
  }

  /** None when they cannot be had: listing them says why. */
  async #childrenNow(node: ModelNode, shown: number): Promise<Node[]> {
    return this.#versions.of(node, shown).catch(() => []);
  }

  /** With boxes as they are checked by now. */
  #takeComing(model: ModelNode): readonly Node[] | undefined {
    const nodes = this.#listedOf(model).takeComing();
    if (nodes) this.#versions.checkAnew(nodes);
    return nodes;
  }

  showMore({ parent, shown }: MoreNode): void {
    this.#listedOf(parent).show(shown + pageSize);
  }

  /** The row of a model. @throws TrailError `notFound` */
  async findModel({ trail, path }: ModelRef): Promise<ModelNode> {
    const { models } = await this.#nodes.load();
    const model = models.find((node) => node.trail.root === trail.root && node.path === path);
    if (!model) throw new TrailError('notFound', vscode.l10n.t('There is no model {0} here.', path));
    return model;
  }

  /** Whether the filter leaves out a model, or one of its versions. */
  isLeftOut(model: ModelNode, id?: ContentId): Promise<boolean> {
    return this.#versions.isLeftOut(model, id);
  }

  /** The row of a version; `isFurther` when it comes after those that are listed. @throws TrailError `notFound` */
  async findVersion(model: ModelNode, id: ContentId): Promise<{ node: VersionNode; isFurther: boolean }> {
    const index = await this.#versions.indexOf(model, id);
    const listed = this.#listedOf(model);
    const isFurther = index >= listed.shown;
    if (isFurther) listed.show(Math.ceil((index + 1) / pageSize) * pageSize);
    for (const node of await this.#versions.of(model, listed.shown)) {
      if (node.kind === 'version' && node.version.id === id) return { node, isFurther };
    }
    throw new TrailError('notFound', vscode.l10n.t('{0} has no such version any more.', model.path));
  }
}
