import type { Graph, GraphNode } from './record.ts';

/** A node and where it is in the list, since names may be empty or the same. */
export interface NodeRow {
  readonly index: number;
  readonly node: GraphNode;
}

/** Which nodes make what a node takes, and which take what it makes. */
export interface Wiring {
  readonly rows: readonly NodeRow[];
  /** Of each input of a node, in order; undefined for what no node makes. */
  makersOf(index: number): readonly (number | undefined)[];
  takersOf(index: number, output: string): readonly number[];
}

export function wiringOf(graph: Graph): Wiring {
  const rows = graph.nodes.map((node, index) => ({ index, node }));
  const makers = new Map<string, number[]>();
  for (const { index, node } of rows) for (const output of node.outputs) add(makers, output, index);
  // In functions and subgraphs names may be given again: the one that was made last before is meant.
  const latest = new Map<string, number>();
  const made = rows.map(({ index, node }) => {
    const makersOf = node.inputs.map(
      (input) => latest.get(input) ?? makers.get(input)?.find((maker) => maker !== index),
    );
    for (const output of node.outputs) if (output !== '') latest.set(output, index);
    return makersOf;
  });
  const takers = rows.map(() => new Map<string, number[]>());
  for (const { index, node } of rows) {
    for (const [at, input] of node.inputs.entries()) {
      const of = takers[made[index]?.[at] ?? -1];
      if (of) add(of, input, index);
    }
  }
  return {
    rows,
    makersOf: (index) => made[index] ?? [],
    takersOf: (index, output) => takers[index]?.get(output) ?? [],
  };
}

/** Indices come in order, those of one node after each other. */
function add(indices: Map<string, number[]>, name: string, index: number): void {
  const known = indices.get(name);
  if (!known) {
    if (name !== '') indices.set(name, [index]);
  } else if (known.at(-1) !== index) known.push(index);
}

/** Indices of the nodes that make what a node takes. */
export function before(wiring: Wiring, index: number): number[] {
  return [...new Set(wiring.makersOf(index).filter((maker) => maker !== undefined))];
}

/** Indices of the nodes that take what a node makes. */
export function after(wiring: Wiring, index: number): number[] {
  const outputs = wiring.rows[index]?.node.outputs ?? [];
  return [...new Set(outputs.flatMap((output) => wiring.takersOf(index, output)))];
}

/** How often each operator is there, most often first. */
export function operatorsOf(graph: Graph): readonly { readonly op: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const node of graph.nodes) counts.set(opOf(node), (counts.get(opOf(node)) ?? 0) + 1);
  return [...counts].map(([op, count]) => ({ op, count })).sort((a, b) => b.count - a.count);
}

/** With its domain, unless that is the standard one. */
export function opOf({ op, domain }: GraphNode): string {
  return domain === '' || domain === 'ai.onnx' ? op : `${domain}.${op}`;
}

/** Terms that must all be in the name, the operator or the values; `op:Conv` is that operator alone. */
export function matchingNodes({ rows }: Wiring, filter: string): readonly NodeRow[] {
  const terms = filter.split(/\s+/).filter(Boolean);
  if (terms.length === 0) return rows;
  return rows.filter(({ node }) =>
    terms.every((term) => {
      if (term.startsWith('op:')) return opOf(node) === term.slice(3);
      const text = [node.name, opOf(node), ...node.inputs, ...node.outputs].join(' ').toLowerCase();
      return text.includes(term.toLowerCase());
    }),
  );
}

/** A whole graph is drawn up to here; of a larger one, what is around a node. */
const mostDrawn = 120;
const mostAround = 40;

/** The nodes to draw. @param chosen the last where there are fewer */
export function drawnNodes(wiring: Wiring, chosen: number): readonly number[] {
  if (wiring.rows.length <= mostDrawn) return wiring.rows.map(({ index }) => index);
  const found = new Set([Math.min(chosen, wiring.rows.length - 1)]);
  for (const index of found) {
    for (const next of [...before(wiring, index), ...after(wiring, index)]) {
      if (found.size >= mostAround) return [...found];
      found.add(next);
    }
  }
  return [...found];
}
