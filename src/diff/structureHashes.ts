import { createHash } from 'node:crypto';
import { outputQuantizer } from '../formats/quantizer.ts';
import type { GraphNode, GraphSummary } from '../formats/summary.ts';
import { operatorOf } from './operators.ts';

/** So far the surroundings of a node are looked at, in edges. */
const rounds = 3;

/**
 * A hash for each node that says what it does and what is around it, whatever things are called there (Weisfeiler and Lehman): first
 * of the node alone, then, round by round, with the hashes of its neighbours. One list of hashes by round, the widest last.
 */
export function structureHashes({ nodes }: GraphSummary): readonly (readonly string[])[] {
  const producers = new Map<string, number>();
  for (const [index, node] of nodes.entries()) for (const name of node.outputs) producers.set(name, index);
  const consumers: number[][] = nodes.map(() => []);
  for (const [index, node] of nodes.entries()) {
    for (const name of node.inputs) {
      const producer = producers.get(name);
      if (producer !== undefined) consumers[producer]?.push(index);
    }
  }
  let hashes = nodes.map((node) => hashOf(labelOf(node)));
  const all = [hashes];
  for (let round = 0; round < rounds; round++) {
    const last = hashes;
    const hashAt = (index: number | undefined): string => (index === undefined ? '-' : (last[index] ?? '-'));
    hashes = nodes.map((node, index) =>
      hashOf([
        last[index] ?? '',
        // Which input something comes in at matters, which of its users is listed first does not.
        ...node.inputs.map((name) => hashAt(producers.get(name))),
        '>',
        ...(consumers[index] ?? []).map(hashAt).sort(),
      ]),
    );
    all.push(hashes);
  }
  return all;
}

function labelOf(node: GraphNode): string[] {
  // What numbers are multiplied by is another after every training.
  const told = [...node.attributes].filter(([name]) => name !== outputQuantizer);
  const attributes = told.map(([name, value]) => `${name}=${value}`).sort();
  return [operatorOf(node), String(node.outputs.length), ...attributes];
}

function hashOf(parts: readonly string[]): string {
  return createHash('sha1').update(parts.join('\0')).digest('base64');
}
