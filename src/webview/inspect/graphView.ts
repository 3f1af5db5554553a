import type { Graph, GraphNode } from './record.ts';

/** A node and where it is in the list, since names may be empty or the same. */
export interface NodeRow {
  readonly index: number;
  readonly node: GraphNode;
}

/** Who makes a value and who takes it. */
export interface Wiring {
  readonly rows: readonly NodeRow[];
  readonly makers: ReadonlyMap<string, number>;
  readonly takers: ReadonlyMap<string, readonly number[]>;
}

export function wiringOf(graph: Graph): Wiring {
  const makers = new Map<string, number>();
  const takers = new Map<string, number[]>();
  const rows = graph.nodes.map((node, index) => ({ index, node }));
  for (const { index, node } of rows) {
    for (const output of node.outputs) if (output !== '') makers.set(output, index);
    for (const input of new Set(node.inputs)) {
      const known = takers.get(input);
      if (known) known.push(index);
      else if (input !== '') takers.set(input, [index]);
    }
  }
  return { rows, makers, takers };
}

/** Indices of the nodes that make what a node takes. */
export function before({ rows, makers }: Wiring, index: number): number[] {
  const found = (rows[index]?.node.inputs ?? []).flatMap((input) => makers.get(input) ?? []);
  return [...new Set(found)].filter((other) => other !== index);
}

/** Indices of the nodes that take what a node makes. */
export function after({ rows, takers }: Wiring, index: number): number[] {
  const found = (rows[index]?.node.outputs ?? []).flatMap((output) => takers.get(output) ?? []);
  return [...new Set(found)].filter((other) => other !== index);
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

/** The nodes to draw. */
export function drawnNodes(wiring: Wiring, chosen: number): readonly number[] {
  if (wiring.rows.length <= mostDrawn) return wiring.rows.map(({ index }) => index);
  const found = new Set([chosen]);
  for (const index of found) {
    for (const next of [...before(wiring, index), ...after(wiring, index)]) {
      if (found.size >= mostAround) return [...found];
      found.add(next);
    }
  }
  return [...found];
}
