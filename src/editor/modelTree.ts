import * as vscode from 'vscode';
import { TrailError } from '../core/errors.ts';
import type { ContentId } from '../core/facts.ts';
import type { CheckedVersions } from './checkedVersions.ts';
import { ModelNodes, type Models } from './modelNodes.ts';
import { idOf, type ModelNode, type MoreNode, type Node, type VersionNode } from './nodes.ts';
import type { ModelRef } from './openTrail.ts';
import type { Trails } from './roots.ts';
import { childrenState, modelState, rootState } from './rowState.ts';

const pageSize = 100;

/** How long after rows were listed the editor may still show those before. */
const showMs = 1000;

/** The rows of the models view: which there are, and which are no longer as they were listed. */
export class ModelTree {
  readonly #nodes: ModelNodes;
  readonly #checked: CheckedVersions;
  /** How many versions of a model are shown, where that is more than a page. */
  readonly #shown = new Map<string, number>();
  /** What was listed: of the rows at the top, of each model, and of what is below it. */
  #rootListed: string | undefined;
  readonly #modelListed = new Map<string, string>();
  readonly #childrenListed = new Map<string, string>();
  readonly #boxesListed = new Map<string, string>();
  readonly #listedAt = new Map<string, number>();
  /** What is below models that have to be listed anew: the editor loses a click on a row while it waits for the rows. */
  readonly #coming = new Map<string, readonly Node[]>();

  constructor(trails: Trails, checked: CheckedVersions, log: vscode.LogOutputChannel) {
    this.#nodes = new ModelNodes(trails, log);
    this.#checked = checked;
  }

  /** The rows below one, or at the top, as they are from now on listed. */
  async children(node: Node | undefined): Promise<readonly Node[]> {
    switch (node?.kind) {
      case undefined:
        return this.#roots();
      case 'folder':
        return (await this.#nodes.load()).models.filter((child) => child.parent === node);
      case 'model': {
        const children = this.#takeComing(node) ?? (await this.#versions(node));
        this.#childrenListed.set(idOf(node), childrenState(children));
        this.#listedAt.set(idOf(node), Date.now());
        this.#setBoxesListed(node);
        return children;
      }
      default:
        return [];
    }
  }

  async #roots(): Promise<readonly Node[]> {
    const { models, failed } = await this.#nodes.load();
    this.#rootListed = rootState(models, failed);
    for (const node of models) this.#modelListed.set(idOf(node), modelState(node));
    const folders = [...new Set(models.map((node) => node.parent))].filter((folder) => folder !== undefined);
    return [...(folders.length > 0 ? folders : models), ...failed];
  }

  models(): Promise<Models> {
    return this.#nodes.load();
  }

  /** What has to be listed anew: everything, or some models with what is below them. */
  async changes(): Promise<Models & { readonly changed: 'all' | readonly ModelNode[] }> {
    const { models, failed } = await this.#nodes.load();
    if (rootState(models, failed) !== this.#rootListed) return { models, failed, changed: 'all' };
    const changed: ModelNode[] = [];
    for (const node of models) {
      const id = idOf(node);
      const state = modelState(node);
      const listed = this.#childrenListed.get(id);
      const nodes = listed === undefined ? undefined : await this.#childrenNow(node);
      const children = nodes && childrenState(nodes);
      const areBoxesRight = listed === undefined || this.#boxesOf(node) === this.#boxesListed.get(id);
      if (state === this.#modelListed.get(id) && children === listed && areBoxesRight) continue;
      this.#modelListed.set(id, state);
      if (nodes && children !== undefined) {
        this.#childrenListed.set(id, children);
        this.#coming.set(id, nodes);
      }
      this.#setBoxesListed(node);
      changed.push(node);
    }
    return { models, failed, changed };
  }

  /** The user clicked a box of a model's versions. False where it may not show it, because rows listed before the click came after it. */
  boxClicked(node: ModelNode): boolean {
    const id = idOf(node);
    if (Date.now() < (this.#listedAt.get(id) ?? 0) + showMs) this.#boxesListed.delete(id);
    const areKnown = this.#boxesListed.has(id);
    if (areKnown) this.#setBoxesListed(node);
    return areKnown;
  }

  /** The user clicked a box of a row that the editor did not know, so that any box may show what is not so. */
  unknownBoxClicked(): void {
    this.#rootListed = undefined;
  }

  #setBoxesListed(node: ModelNode): void {
    this.#boxesListed.set(idOf(node), this.#boxesOf(node));
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
    const id = idOf(model);
    const nodes = this.#coming.get(id);
    this.#coming.delete(id);
    if (!nodes || nodes.length === 0) return undefined;
    for (const node of nodes) {
      if (node.kind === 'version') Object.assign(node, { checked: this.#isChecked(model, node.version.id) });
    }
    return nodes;
  }

  #isChecked({ trail, path }: ModelRef, version: ContentId): boolean {
    return this.#checked.has({ root: trail.root, model: path, version });
  }

  showMore({ parent, shown }: MoreNode): void {
    this.#show(parent, shown + pageSize);
  }

  #show(model: ModelNode, versions: number): void {
    this.#shown.set(idOf(model), versions);
    this.#coming.delete(idOf(model));
  }

  async #versions(model: ModelNode): Promise<Node[]> {
    const { trail, path, row } = model;
    const shown = this.#shown.get(idOf(model)) ?? pageSize;
    // One more than shown, because the metrics of the last are compared with it.
    const { total, versions } = await trail.api.versions(path, { offset: 0, limit: shown + 1 });
    const { version: current } = row.working;
    const nodes: Node[] = [
      { kind: 'working', parent: model, version: versions.find((version) => version.id === current) },
    ];
    for (const [index, version] of versions.slice(0, shown).entries()) {
      const checked = this.#isChecked(model, version.id);
      nodes.push({ kind: 'version', parent: model, version, previous: versions[index + 1], checked });
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

  /** The row of a version; `isFurther` when it comes after those that are listed. @throws TrailError `notFound` */
  async findVersion(model: ModelNode, id: ContentId): Promise<{ node: VersionNode; isFurther: boolean }> {
    const { versions } = await model.trail.api.versions(model.path, { offset: 0, limit: model.row.versions });
    const index = versions.findIndex((version) => version.id === id);
    const isFurther = index >= (this.#shown.get(idOf(model)) ?? pageSize);
    if (isFurther) this.#show(model, Math.ceil((index + 1) / pageSize) * pageSize);
    for (const node of await this.#versions(model)) {
      if (node.kind === 'version' && node.version.id === id) return { node, isFurther };
    }
    throw new TrailError('notFound', vscode.l10n.t('{0} has no such version any more.', model.path));
  }
}
