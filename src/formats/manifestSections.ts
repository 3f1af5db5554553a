import { displayText } from './displayText.ts';
import type { GraphNode, GraphSummary, GraphValue, TreeEnsemble } from './summary.ts';

/** What VS Code can still compare at ease. */
const maxNodes = 20_000;
const maxTrees = 5000;

export function graphLines({ inputs, outputs, nodes, opsets }: GraphSummary): string[] {
  const counts = new Map<string, number>();
  for (const node of nodes) counts.set(operatorOf(node), (counts.get(operatorOf(node)) ?? 0) + 1);
  const operators = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    'graph:',
    ...opsets.map(({ domain, version }) => `  opset ${displayText(domain || 'ai.onnx')}: ${version}`),
    ...inputs.map((value) => `  input ${valueText(value)}`),
    ...outputs.map((value) => `  output ${valueText(value)}`),
    ...operators.map(([operator, count]) => `  operator ${operator}: ${count}`),
    '',
    'nodes:',
    ...nodes.slice(0, maxNodes).map(nodeLine),
    ...(nodes.length > maxNodes ? [`  and ${nodes.length - maxNodes} more`] : []),
  ];
}

function operatorOf({ op, domain }: GraphNode): string {
  return displayText(domain === '' ? op : `${domain}.${op}`);
}

function valueText({ name, dtype, shape, quantizer }: GraphValue): string {
  const dimensions = shape
    ? ` [${shape.map((dimension) => displayText(String(dimension ?? '?'))).join(', ')}]`
    : '';
  const stands = quantizer === undefined ? '' : `, ${quantizer}`;
  return `${displayText(name)}: ${dtype ?? '?'}${dimensions}${stands}`;
}

function nodeLine(node: GraphNode): string {
  const attributes = [...node.attributes].sort(([a], [b]) => (a < b ? -1 : 1));
  const settings = attributes.map(([name, value]) => ` ${displayText(name)}=${displayText(value)}`).join('');
  const named = node.name === '' ? '' : ` ${displayText(node.name)}`;
  const [from, to] = [node.inputs, node.outputs].map((names) => names.map(displayText).join(', '));
  return `  ${operatorOf(node)}${named} (${from}) -> ${to}${settings}`;
}

export function treeLines(ensemble: TreeEnsemble, compareNames: (a: string, b: string) => number): string[] {
  const { objective, features, classes, trees, importance } = ensemble;
  const important = [...importance].sort(([a], [b]) => compareNames(a, b));
  return [
    'trees:',
    ...(objective === undefined ? [] : [`  objective: ${displayText(objective)}`]),
    `  features: ${features.length}`,
    ...(classes === undefined ? [] : [`  classes: ${classes}`]),
    `  trees: ${trees.length}`,
    ...trees
      .slice(0, maxTrees)
      .map(({ leaves, depth }, index) => `  tree ${index}: ${leaves} leaves, depth ${depth}`),
    ...(trees.length > maxTrees ? [`  and ${trees.length - maxTrees} more`] : []),
    ...(important.length > 0 ? ['', 'importance:'] : []),
    ...important.map(([name, { splits, gain }]) => {
      const gained = gain === undefined ? '' : `, gain ${Number(gain.toPrecision(9))}`;
      return `  ${displayText(name)}: ${splits} splits${gained}`;
    }),
  ];
}
