import { foldSeries } from '../core/foldSeries.ts';
import { compareInSeries, nameOfSeries, numbersIn, seriesOfPath } from '../core/series.ts';
import { keyText } from '../core/versionKey.ts';
import { type ModelNode, type Mutable, type SeriesNode } from './nodes.ts';
import { baseName } from './text.ts';

/**
 * The rows of series. Each is the same object as long as there is the series, since the editor knows rows by their object. Which there
 * are is found out where a model came or went, and not when a filter changes: what one types does not move rows to another place.
 */
export class SeriesNodes {
  readonly #nodes = new Map<string, Mutable<SeriesNode>>();
  /** Of each model, as reading thousands of names takes long. */
  readonly #read = new WeakMap<ModelNode, ReadName>();
  #models: readonly ModelNode[] = [];
  #rows: readonly Row[] = [];

  /** The rows of models in their order, with what a filter leaves of them; each model says which series it is in. */
  rowsOf(models: readonly Mutable<ModelNode>[], areFew: boolean): readonly Row[] {
    const isSame = models.length === this.#models.length && models.every((one, i) => one === this.#models[i]);
    if (!isSame) {
      this.#rows = foldSeries(models, (one) => this.#nameOf(one).key).flatMap((group) => this.#rowOf(group));
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

  #rowOf(group: readonly Mutable<ModelNode>[]): Row | never[] {
    const [first, other] = group;
    if (!first) return [];
    const series = other && this.#seriesOf(this.#nameOf(first).key, group);
    for (const one of group) one.series = series;
    return series ?? first;
  }

  #seriesOf(key: string, group: readonly ModelNode[]): Mutable<SeriesNode> {
    const known = this.#nodes.get(key);
    const models = inOrder(group, known?.models ?? []);
    const name = nameOfSeries(
      baseName(models[0]?.path ?? ''),
      models.map((one) => this.#nameOf(one).numbers),
    );
    const fresh: SeriesNode = { kind: 'series', key, name, models, shown: models };
    const node = Object.assign(known ?? fresh, fresh);
    this.#nodes.set(key, node);
    return node;
  }

  #nameOf(node: ModelNode): ReadName {
    let read = this.#read.get(node);
    if (!read) {
      const { path, trail } = node;
      const key = keyText({ root: trail.root, model: seriesOfPath(path) });
      read = { key, numbers: numbersIn(baseName(path)) };
      this.#read.set(node, read);
    }
    return read;
  }
}

type Row = Mutable<ModelNode> | Mutable<SeriesNode>;

/** What the name of a model says of its series. */
interface ReadName {
  readonly key: string;
  readonly numbers: readonly string[];
}

/** With the highest number first. Those that were in order before take no time, also where they are thousands. */
function inOrder(models: readonly ModelNode[], before: readonly ModelNode[]): readonly ModelNode[] {
  const others = new Set(models);
  const known = before.filter((one) => others.delete(one));
  return [...known, ...others].sort((a, b) => compareInSeries(b.path, a.path));
}

function isShown({ matching }: ModelNode): boolean {
  return matching !== 0;
}
