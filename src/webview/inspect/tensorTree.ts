import type { Sort } from './messages.ts';
import type { Tensor } from './record.ts';

/** A tensor, or a module that holds some. */
export interface TreeNode {
  /** Of a module its path with the separator at the end, of a tensor its name behind `=`. */
  readonly key: string;
  readonly label: string;
  /** Absent for a module. */
  readonly tensor?: Tensor;
  readonly children: TreeNode[];
  /** Below it; 1 for a tensor. */
  tensors: number;
  elements: number;
  bytes: number;
}

export interface TreeRow {
  readonly node: TreeNode;
  /** From 1. */
  readonly level: number;
}

/** Names may be anything: what lies deeper is told apart by its whole rest. */
const deepest = 32;
const byName = new Intl.Collator('en', { numeric: true });

/** Groups tensors by the path that their names are. A module with a single child is shown as one with it. */
export function buildTree(tensors: readonly Tensor[]): TreeNode {
  const root = moduleNode('', '');
  const modules = new Map<string, TreeNode>();
  for (const tensor of tensors) {
    const elements = elementsOf(tensor) ?? 0;
    const bytes = tensor.byteLength ?? 0;
    let parent = root;
    add(parent, elements, bytes);
    let start = 0;
    for (let depth = 1; depth < deepest; depth++) {
      const end = separatorIn(tensor.name, start);
      if (end < 0) break;
      const key = tensor.name.slice(0, end + 1);
      let module = modules.get(key);
      if (!module) {
        module = moduleNode(key, tensor.name.slice(start, end));
        modules.set(key, module);
        parent.children.push(module);
      }
      add(module, elements, bytes);
      parent = module;
      start = end + 1;
    }
    const label = tensor.name.slice(start);
    parent.children.push({
      key: `=${tensor.name}`,
      label,
      tensor,
      children: [],
      tensors: 1,
      elements,
      bytes,
    });
  }
  return { ...root, children: root.children.map(joined) };
}

function moduleNode(key: string, label: string): TreeNode {
  return { key, label, children: [], tensors: 0, elements: 0, bytes: 0 };
}

function add(node: TreeNode, elements: number, bytes: number): void {
  node.tensors++;
  node.elements += elements;
  node.bytes += bytes;
}

/** The end of a part that is not empty, and has something behind it. */
function separatorIn(name: string, start: number): number {
  for (let at = start + 1; at < name.length - 1; at++) if (name[at] === '.' || name[at] === '/') return at;
  return -1;
}

function joined(node: TreeNode): TreeNode {
  const [only, second] = node.children;
  if (only && !second) {
    const child = joined(only);
    const separator = node.key.slice(-1);
    return { ...child, label: `${node.label}${separator}${child.label}` };
  }
  return node.tensor ? node : { ...node, children: node.children.map(joined) };
}

export function elementsOf(tensor: Tensor): number | undefined {
  let count = 1;
  for (const dimension of tensor.shape) {
    if (dimension === null) return undefined;
    count *= dimension;
  }
  return count;
}

/** Opens what lets a reader see the shape of the model without scrolling. */
const openedAtFirst = 40;

/** The modules that are open before the user did anything. */
export function openAtFirst(root: TreeNode): ReadonlySet<string> {
  const open = new Set<string>();
  let rows = root.children.length;
  let level: readonly TreeNode[] = root.children;
  while (level.length > 0) {
    const modules = level.filter((node) => !node.tensor);
    const below = modules.flatMap((node) => node.children);
    if (below.length === 0 || rows + below.length > openedAtFirst) break;
    for (const module of modules) open.add(module.key);
    rows += below.length;
    level = below;
  }
  return open;
}

export interface TreeView {
  readonly sort: Sort;
  readonly filter: string;
  isOpen(node: TreeNode): boolean;
}

/** The rows from top to bottom. With a filter, what matches and the modules around it, all open. */
export function treeRows(root: TreeNode, { sort, filter, isOpen }: TreeView): TreeRow[] {
  const terms = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = terms.length === 0 ? undefined : new Set<TreeNode>();
  if (shown) mark(root, terms, shown);
  const rows: TreeRow[] = [];
  const walk = (parent: TreeNode, level: number): void => {
    for (const node of sorted(parent, sort)) {
      if (shown && !shown.has(node)) continue;
      rows.push({ node, level });
      if (!node.tensor && (shown !== undefined || isOpen(node))) walk(node, level + 1);
    }
  };
  walk(root, 1);
  return rows;
}

/** A module can have so many children that they are sorted only when that is new. */
const sortedChildren = new WeakMap<TreeNode, { readonly by: string; readonly nodes: readonly TreeNode[] }>();

function sorted(node: TreeNode, sort: Sort): readonly TreeNode[] {
  const by = `${sort.column} ${sort.descending}`;
  const kept = sortedChildren.get(node);
  if (kept?.by === by) return kept.nodes;
  const nodes = node.children.toSorted(comparison(sort));
  sortedChildren.set(node, { by, nodes });
  return nodes;
}

function mark(node: TreeNode, terms: readonly string[], shown: Set<TreeNode>): boolean {
  let matches = false;
  if (node.tensor) {
    const text = `${node.tensor.name} ${node.tensor.dtype}`.toLowerCase();
    matches = terms.every((term) => text.includes(term));
  } else for (const child of node.children) if (mark(child, terms, shown)) matches = true;
  if (matches) shown.add(node);
  return matches;
}

function comparison({ column, descending }: Sort): (a: TreeNode, b: TreeNode) => number {
  const order = descending ? -1 : 1;
  const name = (a: TreeNode, b: TreeNode): number => byName.compare(a.label, b.label);
  if (column === 'dtype') {
    return (a, b) => order * byName.compare(a.tensor?.dtype ?? '', b.tensor?.dtype ?? '') || name(a, b);
  }
  if (column === 'size') return (a, b) => order * (a.bytes - b.bytes) || name(a, b);
  if (column === 'shape' || column === 'share')
    return (a, b) => order * (a.elements - b.elements) || name(a, b);
  return (a, b) => order * name(a, b);
}

/** The tensors among the rows, in their order, and those in modules that are closed. */
export function tensorsIn(rows: readonly TreeRow[]): Tensor[] {
  return rows.flatMap(({ node }) => (node.tensor ? [node.tensor] : []));
}
