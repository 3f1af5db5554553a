/** Something with a name like a path, or a module that holds some of them. */
export interface TreeNode<T, S> {
  readonly key: string;
  readonly label: string;
  /** Absent for a module. */
  readonly item?: T;
  readonly children: TreeNode<T, S>[];
  /** Of all items in it. */
  readonly sums: S;
}

export interface TreeRow<T, S> {
  readonly node: TreeNode<T, S>;
  /** From 1. */
  readonly level: number;
}

export interface TreeOf<T, S> {
  nameOf(item: T): string;
  /** Other than that of every other item, and beginning with no letter of a name: the keys of modules are their paths. */
  keyOf(item: T): string;
  empty(): S;
  add(sums: S, item: T): void;
}

/** Names may be anything: what lies deeper is told apart by its whole rest. */
const deepest = 32;

/** Groups items by the path that their names are. A module with a single child is shown as one with it. */
export function buildTree<T, S>(items: readonly T[], of: TreeOf<T, S>): TreeNode<T, S> {
  const node = (key: string, label: string, item?: T): TreeNode<T, S> => {
    return { key, label, item, children: [], sums: of.empty() };
  };
  const root = node('', '');
  const modules = new Map<string, TreeNode<T, S>>();
  for (const item of items) {
    const name = of.nameOf(item);
    let parent = root;
    of.add(parent.sums, item);
    let start = 0;
    for (let depth = 1; depth < deepest; depth++) {
      const end = separatorIn(name, start);
      if (end < 0) break;
      const key = name.slice(0, end + 1);
      let module = modules.get(key);
      if (!module) {
        module = node(key, name.slice(start, end));
        modules.set(key, module);
        parent.children.push(module);
      }
      of.add(module.sums, item);
      parent = module;
      start = end + 1;
    }
    const leaf = node(of.keyOf(item), name.slice(start), item);
    of.add(leaf.sums, item);
    parent.children.push(leaf);
  }
  return { ...root, children: root.children.map(joined) };
}

/** The end of a part that is not empty, and has something behind it. */
function separatorIn(name: string, start: number): number {
  for (let at = start + 1; at < name.length - 1; at++) if (name[at] === '.' || name[at] === '/') return at;
  return -1;
}

function joined<T, S>(node: TreeNode<T, S>): TreeNode<T, S> {
  const [only, second] = node.children;
  if (only && !second) {
    const child = joined(only);
    const separator = node.key.slice(-1);
    return { ...child, label: `${node.label}${separator}${child.label}` };
  }
  return isModule(node) ? { ...node, children: node.children.map(joined) } : node;
}

export function isModule<T, S>({ item }: TreeNode<T, S>): boolean {
  return item === undefined;
}

/** Opens what lets a reader see the shape of the model without scrolling. */
const openedAtFirst = 40;

/** The modules that are open before the user did anything. */
export function openAtFirst<T, S>(root: TreeNode<T, S>): ReadonlySet<string> {
  const open = new Set<string>();
  let rows = root.children.length;
  let level: readonly TreeNode<T, S>[] = root.children;
  while (level.length > 0) {
    const modules = level.filter(isModule);
    const below = modules.flatMap((node) => node.children);
    if (below.length === 0 || rows + below.length > openedAtFirst) break;
    for (const module of modules) open.add(module.key);
    rows += below.length;
    level = below;
  }
  return open;
}

export interface TreeView<T, S> {
  /** What the order is by: children are sorted anew only when it is another one. */
  readonly order: string;
  compare(a: TreeNode<T, S>, b: TreeNode<T, S>): number;
  /** Which items are shown, with the modules around them; all if not given. */
  readonly matches?: (item: T) => boolean;
  isOpen(node: TreeNode<T, S>): boolean;
}

/** The rows from top to bottom. */
export function treeRows<T, S>(root: TreeNode<T, S>, view: TreeView<T, S>): TreeRow<T, S>[] {
  const { matches } = view;
  const shown = matches && new Set<TreeNode<T, S>>();
  if (shown) mark(root, matches, shown);
  const rows: TreeRow<T, S>[] = [];
  const walk = (parent: TreeNode<T, S>, level: number): void => {
    for (const node of sorted(parent, view)) {
      if (shown && !shown.has(node)) continue;
      rows.push({ node, level });
      if (isModule(node) && view.isOpen(node)) walk(node, level + 1);
    }
  };
  walk(root, 1);
  return rows;
}

/** A module can have so many children that they are sorted only when that is new. */
const sortedChildren = new WeakMap<object, { readonly order: string; readonly nodes: readonly unknown[] }>();

function sorted<T, S>(node: TreeNode<T, S>, { order, compare }: TreeView<T, S>): readonly TreeNode<T, S>[] {
  const kept = sortedChildren.get(node);
  if (kept?.order === order) return kept.nodes as readonly TreeNode<T, S>[];
  const nodes = node.children.toSorted(compare);
  sortedChildren.set(node, { order, nodes });
  return nodes;
}

function mark<T, S>(
  node: TreeNode<T, S>,
  matches: (item: T) => boolean,
  shown: Set<TreeNode<T, S>>,
): boolean {
  let isShown = false;
  if (node.item !== undefined) isShown = matches(node.item);
  else for (const child of node.children) if (mark(child, matches, shown)) isShown = true;
  if (isShown) shown.add(node);
  return isShown;
}
