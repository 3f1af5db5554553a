import { Graph, layout } from '@dagrejs/dagre';
import { opOf, type Wiring, after } from './graphView.ts';

export interface PlacedNode {
  readonly index: number;
  readonly op: string;
  readonly name: string;
  /** Of its middle, in CSS pixels. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
}
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  /** As SVG paths. */
  readonly edges: readonly string[];
}

export const nodeHeight = 34;
const margin = 16;
const longestName = 26;
/** As inspect.css has them. */
const fonts = { op: '600 12px', name: '10px' };

/** Places nodes from top to bottom, as the data goes. */
export function layOut(wiring: Wiring, indices: readonly number[]): Drawing {
  const graph = new Graph({ multigraph: false });
  graph.setGraph({ rankdir: 'TB', nodesep: 24, ranksep: 36, marginx: margin, marginy: margin });
  graph.setDefaultEdgeLabel(() => ({}));
  const drawn = new Set(indices);
  const texts = new Map<number, { op: string; name: string }>();
  for (const index of indices) {
    const node = wiring.rows[index]?.node;
    if (!node) continue;
    const text = { op: shortened(opOf(node)), name: shortened(node.name) };
    texts.set(index, text);
    const width = Math.max(60, measure(text.op, fonts.op), measure(text.name, fonts.name)) + 24;
    graph.setNode(String(index), { width, height: nodeHeight });
  }
  for (const index of indices) {
    for (const next of after(wiring, index)) if (drawn.has(next)) graph.setEdge(String(index), String(next));
  }
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width,
    height,
    nodes: graph.nodes().map((id) => {
      const { x = 0, y = 0, width = 0 } = graph.node(id);
      const text = texts.get(Number(id));
      return { index: Number(id), op: text?.op ?? '', name: text?.name ?? '', x, y, width };
    }),
    edges: graph.edges().map((edge) => pathOf(graph.edge(edge).points ?? [])),
  };
}

const ruler = document.createElement('canvas').getContext('2d');

function measure(text: string, font: string): number {
  if (!ruler) return text.length * 8;
  ruler.font = `${font} ${getComputedStyle(document.body).fontFamily}`;
  return ruler.measureText(text).width;
}

/** A line with rounded bends. */
function pathOf(points: readonly { readonly x: number; readonly y: number }[]): string {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (!first || !last) return '';
  let path = `M${first.x},${first.y}`;
  for (let i = 0; i < rest.length - 1; i++) {
    const [bend, next] = [rest[i], rest[i + 1]];
    if (bend && next) path += `Q${bend.x},${bend.y} ${(bend.x + next.x) / 2},${(bend.y + next.y) / 2}`;
  }
  return `${path}L${last.x},${last.y}`;
}

/** What is at the end of a name tells more than what is in front. */
function shortened(text: string): string {
  return text.length <= longestName ? text : `…${text.slice(1 - longestName)}`;
}
