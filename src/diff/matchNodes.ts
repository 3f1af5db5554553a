import type { GraphNode, GraphSummary } from '../formats/summary.ts';
import { groupBy } from '../core/groupBy.ts';
import { operatorOf } from './operators.ts';
import { structureHashes } from './structureHashes.ts';

export interface NodePair {
  readonly a: GraphNode;
  readonly b: GraphNode;
  readonly matchedBy: 'name' | 'outputs' | 'structure';
}

/** Pairs the nodes of two graphs: by their names, then by those of their outputs, then by what is around them. */
export function matchNodes(a: GraphSummary, b: GraphSummary): NodePair[] {
  const left = { a: new Set(a.nodes), b: new Set(b.nodes) };
  const pairs: NodePair[] = [];
  const pairOff = (keyOf: (node: GraphNode) => string, matchedBy: NodePair['matchedBy']): void => {
    const others = groupBy(left.b, keyOf);
    for (const [key, nodes] of groupBy(left.a, keyOf)) {
      const candidates = others.get(key) ?? [];
      // Names that several have tell nothing; nodes whose surroundings are equal are paired in their order.
      if (key === '' || (matchedBy !== 'structure' && (nodes.length > 1 || candidates.length > 1))) continue;
      for (const [index, node] of nodes.entries()) {
        const other = candidates[index];
        if (!other) break;
        pairs.push({ a: node, b: other, matchedBy });
        left.a.delete(node);
        left.b.delete(other);
      }
    }
  };
  // Where nodes are numbered, one more gives those behind it the names of others.
  pairOff((node) => (node.name === '' ? '' : `${operatorOf(node)} ${node.name}`), 'name');
  pairOff(({ outputs }) => outputs.join('\0'), 'outputs');
  if (left.a.size === 0 || left.b.size === 0) return pairs;
  const [hashesA, hashesB] = [structureHashes(a), structureHashes(b)];
  for (let round = hashesA.length - 1; round > 0; round--) {
    const hashes = new Map<GraphNode, string>();
    for (const [index, node] of a.nodes.entries()) hashes.set(node, hashesA[round]?.[index] ?? '');
    for (const [index, node] of b.nodes.entries()) hashes.set(node, hashesB[round]?.[index] ?? '');
    pairOff((node) => hashes.get(node) ?? '', 'structure');
  }
  return pairs;
}
