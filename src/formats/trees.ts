import { createHash } from 'node:crypto';
import type { ParamValue } from '../core/facts.ts';
import { Malformed } from './byteCursor.ts';
import type { TreeEnsemble } from './summary.ts';

export type TreeShape = TreeEnsemble['trees'][number];

/** What stands for the parts of a tree: its splits, its thresholds, the values of its leaves, in an order of the format's own. */
export function treeContent(parts: Iterable<string | readonly number[] | Uint8Array>): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    const bytes = typeof part === 'string' || part instanceof Uint8Array ? part : floatBytes(part);
    hash.update(`${bytes.length}:`).update(bytes);
  }
  return hash.digest('hex').slice(0, 16);
}

/** As 32-bit floats, which is what they are before they are written as decimals. */
function floatBytes(numbers: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(numbers).buffer);
}

/**
 * Walks a tree from its root.
 * @param nodes how many inner nodes and leaves there are at most: more are met only where nodes are their own descendants
 * @param children undefined for a leaf
 * @throws Malformed
 */
export function walkTree(
  root: number,
  nodes: number,
  children: (node: number) => readonly [left: number, right: number] | undefined,
  split: (node: number) => void,
): TreeShape {
  let met = 0;
  let leaves = 0;
  let depth = 0;
  const waiting: number[] = [root];
  const depths: number[] = [0];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const here = depths.pop() ?? 0;
    if (++met > nodes) throw new Malformed();
    const both = children(node);
    if (both) {
      split(node);
      waiting.push(...both);
      depths.push(here + 1, here + 1);
    } else {
      leaves++;
      depth = Math.max(depth, here);
    }
  }
  return { leaves, depth };
}

/** How often each feature splits, and what it gains. */
export class Importance {
  readonly #byFeature = new Map<string, { splits: number; gain?: number }>();

  add(feature: string, gain?: number): void {
    const entry = this.#byFeature.get(feature) ?? { splits: 0 };
    entry.splits++;
    if (gain !== undefined) entry.gain = (entry.gain ?? 0) + gain;
    this.#byFeature.set(feature, entry);
  }

  get map(): TreeEnsemble['importance'] {
    return this.#byFeature;
  }
}

/** Settings that are written as text: numbers become numbers where that loses nothing. */
export function settingOf(text: string): ParamValue {
  if (!/^-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(text)) return text;
  const value = Number(text);
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? text : value;
}
