import type { GraphNode, GraphSummary } from '../formats/summary.ts';
import { diffValues } from './diffValues.ts';
import { matchNodes, type NodePair } from './matchNodes.ts';
import { operatorOf } from './operators.ts';
import type { GraphDiff, NodeChange, NodeSide } from './structureDiff.ts';

/** More of them nobody looks at. */
const maxChanges = 10_000;

/** @param renamed what tensors of a are called in b, where that is something else */
export function diffNodes(
  a: GraphSummary,
  b: GraphSummary,
  renamed: ReadonlyMap<string, string>,
): GraphDiff['nodes'] & { readonly isCut: boolean } {
  const pairs = matchNodes(a, b);
  const nameInB = namesInB(pairs, renamed);
  const pairOfB = new Map(pairs.map((pair) => [pair.b, pair]));
  const pairOfA = new Map(pairs.map((pair) => [pair.a, pair]));
  const removedAfter = new Map<GraphNode | undefined, NodeChange[]>();
  let before: GraphNode | undefined;
  for (const node of a.nodes) {
    const pair = pairOfA.get(node);
    if (pair) before = pair.b;
    else {
      const changes = removedAfter.get(before) ?? [];
      changes.push({ status: 'removed', a: sideOf(node), attributes: [], rewired: false });
      removedAfter.set(before, changes);
    }
  }
  let same = 0;
  const changes = [...(removedAfter.get(undefined) ?? [])];
  for (const node of b.nodes) {
    const pair = pairOfB.get(node);
    const change = pair
      ? changeOf(pair, nameInB)
      : ({ status: 'added', b: sideOf(node), attributes: [], rewired: false } as const);
    if (change) changes.push(change);
    else same++;
    for (const removed of removedAfter.get(node) ?? []) changes.push(removed);
  }
  return {
    a: a.nodes.length,
    b: b.nodes.length,
    same,
    changes: changes.slice(0, maxChanges),
    isCut: changes.length > maxChanges,
  };
}

/** Where the whole graph was given new names, what nodes put out is called something else, but is the same thing. */
function namesInB(pairs: readonly NodePair[], renamed: ReadonlyMap<string, string>): Map<string, string> {
  const names = new Map(renamed);
  for (const { a, b } of pairs) {
    for (const [index, name] of a.outputs.entries()) {
      const other = b.outputs[index];
      if (other !== undefined && other !== name) names.set(name, other);
    }
  }
  return names;
}

function changeOf(
  { a, b, matchedBy }: NodePair,
  nameInB: ReadonlyMap<string, string>,
): NodeChange | undefined {
  const attributes = diffValues(a.attributes, b.attributes);
  const rewired =
    a.inputs.length !== b.inputs.length ||
    a.outputs.length !== b.outputs.length ||
    a.inputs.some((name, index) => (nameInB.get(name) ?? name) !== b.inputs[index]);
  if (attributes.length === 0 && !rewired && operatorOf(a) === operatorOf(b)) return undefined;
  return { status: 'changed', a: sideOf(a), b: sideOf(b), matchedBy, attributes, rewired };
}

function sideOf(node: GraphNode): NodeSide {
  return { name: node.name, op: operatorOf(node), inputs: node.inputs, outputs: node.outputs };
}
