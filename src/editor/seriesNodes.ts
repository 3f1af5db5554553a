import { foldSeries } from '../core/foldSeries.ts';
import { compareInSeries, nameOfSeries, seriesOfPath } from '../core/series.ts';
import { keyText } from '../core/versionKey.ts';
import { type ModelNode, type Mutable, type SeriesNode } from './nodes.ts';
import { baseName } from './text.ts';

/**
 * The rows of series. Each is the same object as long as there is the series, since the editor knows rows by their object. Which there
 * are is found out where a model came or went, and not when a filter changes: what one types does not move rows to another place.
 */
export class SeriesNodes {
  readonly #nodes = new Map<string, Mutable<SeriesNode>>();
  /** Of each model, as finding it takes long for thousands. */
  readonly #keys = new WeakMap<ModelNode, string>();
  #models: readonly ModelNode[] = [];
  #rows: readonly (ModelNode | Mutable<SeriesNode>)[] = [];

  /** The rows of models in their order, with what a filter leaves of them; each model says which series it is in. */
  rowsOf(models: readonly Mutable<ModelNode>[], areFew: boolean): readonly (ModelNode | SeriesNode)[] {
    const isSame = models.length === this.#models.length && models.every((one, i) => one === this.#models[i]);
    if (!isSame) {
      this.#rows = foldSeries(models, (one) => this.#keyOf(one)).flatMap((group) => this.#rowOf(group));
      this.#models = models;
    }
    for (const row of this.#rows) {
      if (row.kind !== 'series') continue;
      row.shown = row.models.filter(isShown);
      row.parent = row.models[0]?.parent;
      row.startsOpen = areFew || this.#rows.length === 1;
    }
    return this.#rows.filter((row) => (row.kind === 'series' ? row.shown.length > 0 : isShown(row)));
  }

  #rowOf(group: readonly Mutable<ModelNode>[]): ModelNode | Mutable<SeriesNode> | never[] {
    const [first, other] = group;
    if (!first) return [];
    const series = other && this.#seriesOf(this.#keyOf(first), group);
    for (const one of group) one.series = series;
    return series ?? first;
  }

  #seriesOf(key: string, group: readonly ModelNode[]): Mutable<SeriesNode> {
    const models = group.toSorted((a, b) => compareInSeries(b.path, a.path));
    const name = nameOfSeries(models.map(({ path }) => baseName(path)));
    const fresh: SeriesNode = { kind: 'series', key, name, models, shown: models };
    const node = Object.assign(this.#nodes.get(key) ?? fresh, fresh);
    this.#nodes.set(key, node);
    return node;
  }

  #keyOf(node: ModelNode): string {
    let key = this.#keys.get(node);
    if (key === undefined) {
      key = keyText({ root: node.trail.root, model: seriesOfPath(node.path) });
      this.#keys.set(node, key);
    }
    return key;
  }
}

function isShown({ matching }: ModelNode): boolean {
  return matching !== 0;
}
