import type { GraphNode } from '../formats/summary.ts';

/** With its domain in front where that is not the standard one. */
export function operatorOf({ op, domain }: GraphNode): string {
  return domain === '' ? op : `${domain}.${op}`;
}

/** How often each operator occurs on both sides, the most frequent first. */
export function countOperators(
  a: readonly GraphNode[],
  b: readonly GraphNode[],
): { readonly op: string; readonly a: number; readonly b: number }[] {
  const counts = new Map<string, { op: string; a: number; b: number }>();
  for (const [side, nodes] of [
    ['a', a],
    ['b', b],
  ] as const) {
    for (const node of nodes) {
      const op = operatorOf(node);
      const count = counts.get(op) ?? { op, a: 0, b: 0 };
      count[side]++;
      counts.set(op, count);
    }
  }
  return [...counts.values()].sort((x, y) => y.a + y.b - (x.a + x.b) || (x.op < y.op ? -1 : 1));
}
