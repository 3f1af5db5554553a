import type { TreeEnsemble } from '../summary.ts';
import { treeContent, type TreeShape } from '../trees.ts';
import { arrayBytes, numpyArray } from './ndarray.ts';
import { sequence, type PyArray, type Value } from './values.ts';

/** More features than any table has. */
const maxFeatures = 1_000_000;

interface Importance {
  readonly splits: number;
  readonly gain: number;
}

/** Collects the decision trees of scikit-learn. */
export class TreeCollector {
  /** Names of the features and the number of classes, as the outermost estimator knows them. */
  names: readonly string[] = [];
  classes?: number;
  readonly #trees: TreeShape[] = [];
  readonly #importance = new Map<number, Importance>();
  #features = 0;

  /** @param args of the constructor: the numbers of features, of classes for each output, and of outputs */
  add(args: Value, attributes: ReadonlyMap<string, Value>): void {
    const [features] = sequence(args) ?? [];
    const count = attributes.get('node_count');
    const depth = attributes.get('max_depth');
    if (typeof count !== 'number' || typeof depth !== 'number') return;
    // Each split has two children, so that one more node is a leaf than is not.
    this.#trees.push({ leaves: (count + 1) / 2, depth, content: contentOf(attributes) });
    if (typeof features === 'number' && features <= maxFeatures)
      this.#features = Math.max(this.#features, features);
    const nodes = numpyArray(attributes.get('nodes') ?? null);
    if (nodes) this.#addNodes(nodes);
  }

  ensemble(): TreeEnsemble | undefined {
    if (this.#trees.length === 0) return undefined;
    const isNamed = this.names.length === this.#features;
    // As scikit-learn calls features that have no names.
    const features = isNamed ? this.names : Array.from({ length: this.#features }, (_, at) => `x${at}`);
    const importance = new Map<string, Importance>();
    for (const [at, known] of this.#importance) importance.set(features[at] ?? `x${at}`, known);
    return { features, classes: this.classes, trees: this.#trees, importance };
  }

  /** What each split gains: by how much it lowers the impurity, weighted by the share of samples that pass it. */
  #addNodes(array: PyArray): void {
    const { head, elementBytes, shape } = array;
    const count = shape[0] ?? 0;
    if (!head || head.length !== arrayBytes(array) || (elementBytes !== 56 && elementBytes !== 64)) return;
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    const whole = (node: number, at: number): number =>
      Number(view.getBigInt64(node * elementBytes + at, true));
    const weighted = (node: number): number => {
      const at = node * elementBytes;
      return view.getFloat64(at + 32, true) * view.getFloat64(at + 48, true);
    };
    const total = count > 0 ? view.getFloat64(48, true) : 0;
    for (let node = 0; node < count; node++) {
      const [left, right, feature] = [whole(node, 0), whole(node, 8), whole(node, 16)];
      const splits = [left, right].every((child) => child > node && child < count) && feature >= 0;
      if (!splits || feature >= this.#features) continue;
      const gain = (weighted(node) - weighted(left) - weighted(right)) / total;
      const known = this.#importance.get(feature);
      this.#importance.set(feature, { splits: (known?.splits ?? 0) + 1, gain: (known?.gain ?? 0) + gain });
    }
  }
}

/** Undefined for a tree so large that its arrays are not held. */
function contentOf(attributes: ReadonlyMap<string, Value>): string | undefined {
  const parts = ['nodes', 'values'].map((name) => {
    const array = numpyArray(attributes.get(name) ?? null);
    return array?.head?.length === (array && arrayBytes(array)) ? array?.head : undefined;
  });
  return parts.every((part) => part !== undefined) ? treeContent(parts) : undefined;
}
