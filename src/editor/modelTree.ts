import * as vscode from 'vscode';
import { TrailError } from '../core/errors.ts';
import type { ContentId } from '../core/facts.ts';
import { parseFilter } from '../core/versionFilter.ts';
import type { CheckedVersions } from './checkedVersions.ts';
import type { FilterState } from './filterState.ts';
import { ListedModel, pageSize } from './listedModel.ts';
import { ModelNodes, type Models } from './modelNodes.ts';
import { idOf, type ModelNode, type MoreNode, type Node, type VersionNode } from './nodes.ts';
import type { ModelRef } from './openTrail.ts';
import type { Trails } from './trails.ts';
import { modelState, rootState } from './rowState.ts';

/** The rows of the models view: which there are, and which are no longer as they were listed. */
export class ModelTree {
  readonly #nodes: ModelNodes;
  readonly #checked: CheckedVersions;
  readonly #filter: FilterState;
  /** What was listed: of the rows at the top, and of each model. */
  #rootListed: string | undefined;
  readonly #listed = new Map<string, ListedModel>();
  #looks = 0;

  constructor(trails: Trails, checked: CheckedVersions, filter: FilterState, log: vscode.LogOutputChannel) {
    this.#nodes = new ModelNodes(trails, filter, log);
    this.#checked = checked;
    this.#filter = filter;
  }

  /** The rows below one, or at the top, as they are from now on listed. */
  async children(node: Node | undefined): Promise<readonly Node[]> {
    switch (node?.kind) {
      case undefined:
        return this.#roots();
      case 'folder':
        return (await this.#nodes.load()).shown.filter((child) => child.parent === node);
      case 'model':
        return this.#children(node);
      default:
        return [];
    }
  }

  async #children(node: ModelNode): Promise<readonly Node[]> {
    const listed = this.#listedOf(node);
    try {
      const children = this.#takeComing(node) ?? (await this.#versions(node));
      listed.list(children, this.#boxesOf(node));
      return children;
    } catch (error) {
      listed.listFailed();
      throw error;
    }
  }

  async #roots(): Promise<readonly Node[]> {
    const { shown, failed } = await this.#nodes.load();
    this.#rootListed = rootState(shown, failed);
    for (const node of shown) this.#listedOf(node).row = modelState(node);
    const folders = [...new Set(shown.map((node) => node.parent))].filter((folder) => folder !== undefined);
    return [...(folders.length > 0 ? folders : shown), ...failed];
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

  /** What has to be listed anew: everything, or some models with what is below them. */
  async changes(): Promise<Models & { readonly changed: 'all' | readonly ModelNode[] }> {
    const look = ++this.#looks;
    const models = await this.#nodes.load();
    const changed: ModelNode[] = [];
    // A later look knows better.
    const isOvertaken = (): boolean => look !== this.#looks;
    if (isOvertaken()) return { ...models, changed };
    if (rootState(models.shown, models.failed) !== this.#rootListed) {
      this.#forgetBelow(models.models);
      return { ...models, changed: 'all' };
    }
    for (const node of models.shown) {
      const listed = this.#listedOf(node);
      const { shown } = listed;
      const children = listed.isOpened ? await this.#childrenNow(node) : undefined;
      if (isOvertaken()) break;
      // Where more are to be shown by now, the editor asks for them anyway.
      if (shown !== listed.shown) continue;
      const [state, boxes] = [modelState(node), this.#boxesOf(node)];
      if (state === listed.row && (!children || listed.isListed(children, boxes))) continue;
      listed.row = state;
      if (children) listed.prepare(children, boxes);
      changed.push(node);
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
    return this.#listedOf(node).boxClicked(this.#boxesOf(node));
  }

  /** The user clicked a box of a row that the editor did not know, so that any box may show what is not so. */
  unknownBoxClicked(): void {
    this.#rootListed = undefined;
  }

  #boxesOf({ trail, path }: ModelNode): string {
    const checked = this.#checked.keys.filter(({ root, model }) => root === trail.root && model === path);
    return checked
      .map(({ version }) => version)
      .sort()
      .join();
  }

  /** None when they cannot be had: listing them says why. */
  async #childrenNow(node: ModelNode): Promise<Node[]> {
    return this.#versions(node).catch(() => []);
  }

  /** With boxes as they are checked by now. */
  #takeComing(model: ModelNode): readonly Node[] | undefined {
    const nodes = this.#listedOf(model).takeComing();
    for (const node of nodes ?? []) {
      if (node.kind === 'version') Object.assign(node, { checked: this.#isChecked(model, node.version.id) });
    }
    return nodes;
  }

  #isChecked({ trail, path }: ModelRef, version: ContentId): boolean {
    return this.#checked.has({ root: trail.root, model: path, version });
  }

  showMore({ parent, shown }: MoreNode): void {
    this.#listedOf(parent).show(shown + pageSize);
  }

  async #versions(model: ModelNode): Promise<Node[]> {
    const { trail, path, row } = model;
    const { shown } = this.#listedOf(model);
    const { text: filter } = this.#filter;
    const page = await trail.api.versions(path, { offset: 0, limit: shown, filter });
    const { total, versions } = page;
    const { version: current } = row.working;
    // It may be further down, or left out by a filter.
    const isListed = current === undefined || versions.some(({ id }) => id === current);
    const same = isListed
      ? versions.find(({ id }) => id === current)
      : await trail.api.version({ model: path, version: current });
    const nodes: Node[] = [{ kind: 'working', parent: model, version: same }];
    for (const [index, version] of versions.entries()) {
      const checked = this.#isChecked(model, version.id);
      const metricsBefore = row.historyHidden ? undefined : page.metricsBefore[index];
      nodes.push({ kind: 'version', parent: model, version, metricsBefore, checked });
    }
    if (total > shown) nodes.push({ kind: 'more', parent: model, shown, total });
    return nodes;
  }

  /** The row of a model. @throws TrailError `notFound` */
  async findModel({ trail, path }: ModelRef): Promise<ModelNode> {
    const { models } = await this.#nodes.load();
    const model = models.find((node) => node.trail.root === trail.root && node.path === path);
    if (!model) throw new TrailError('notFound', vscode.l10n.t('There is no model {0} here.', path));
    return model;
  }

  /** Whether the filter leaves out a model, or one of its versions. */
  async isLeftOut(model: ModelNode, id?: ContentId): Promise<boolean> {
    if (model.matching === undefined || id === undefined) return model.matching === 0;
    const version = await model.trail.api.version({ model: model.path, version: id });
    return version !== undefined && !parseFilter(this.#filter.text)(version);
  }

  /** The row of a version; `isFurther` when it comes after those that are listed. @throws TrailError `notFound` */
  async findVersion(model: ModelNode, id: ContentId): Promise<{ node: VersionNode; isFurther: boolean }> {
    const { versions } = await model.trail.api.versions(model.path, {
      offset: 0,
      limit: model.row.versions,
      filter: this.#filter.text,
    });
    const index = versions.findIndex((version) => version.id === id);
    const listed = this.#listedOf(model);
    const isFurther = index >= listed.shown;
    if (isFurther) listed.show(Math.ceil((index + 1) / pageSize) * pageSize);
    for (const node of await this.#versions(model)) {
      if (node.kind === 'version' && node.version.id === id) return { node, isFurther };
    }
    throw new TrailError('notFound', vscode.l10n.t('{0} has no such version any more.', model.path));
  }
}
