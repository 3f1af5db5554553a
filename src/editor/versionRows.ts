import type { ContentId } from '../core/facts.ts';
import { parseFilter } from '../core/versionFilter.ts';
import type { CheckedVersions } from './checkedVersions.ts';
import type { FilterState } from './filterState.ts';
import type { ModelNode, Node } from './nodes.ts';
import type { ModelRef } from './openTrail.ts';

/** The rows below a model, as they are at the moment: its working copy, and the versions that a filter leaves. */
export class VersionRows {
  readonly #checked: CheckedVersions;
  readonly #filter: FilterState;

  constructor(checked: CheckedVersions, filter: FilterState) {
    this.#checked = checked;
    this.#filter = filter;
  }

  /** @param shown how many versions, before the row that loads more */
  async of(model: ModelNode, shown: number): Promise<Node[]> {
    const { trail, path, row } = model;
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

  /** Has rows that were made before with boxes as they are checked by now. */
  checkAnew(nodes: readonly Node[]): void {
    for (const node of nodes) {
      if (node.kind === 'version')
        Object.assign(node, { checked: this.#isChecked(node.parent, node.version.id) });
    }
  }

  /** Which boxes are checked, as text. */
  boxesOf({ trail, path }: ModelRef): string {
    const checked = this.#checked.keys.filter(({ root, model }) => root === trail.root && model === path);
    return checked
      .map(({ version }) => version)
      .sort()
      .join();
  }

  #isChecked({ trail, path }: ModelRef, version: ContentId): boolean {
    return this.#checked.has({ root: trail.root, model: path, version });
  }

  /** How far down a version is; -1 where there is no such. */
  async indexOf({ trail, path }: ModelNode, id: ContentId): Promise<number> {
    return (await trail.api.versionIds(path, this.#filter.text)).indexOf(id);
  }

  /** Whether the filter leaves out a model, or one of its versions. */
  async isLeftOut({ trail, path, matching }: ModelNode, id?: ContentId): Promise<boolean> {
    if (matching === undefined || id === undefined) return matching === 0;
    const version = await trail.api.version({ model: path, version: id });
    return version !== undefined && !parseFilter(this.#filter.text)(version);
  }
}
