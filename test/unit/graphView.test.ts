import { expect, test } from 'vitest';
import { after, before, drawnNodes, wiringOf } from '../../src/webview/inspect/graphView.ts';
import type { Graph, GraphNode } from '../../src/webview/inspect/record.ts';

const node = (inputs: readonly string[], outputs: readonly string[]): GraphNode => {
  return { name: '', op: 'Op', domain: '', inputs: [...inputs], outputs: [...outputs], attributes: {} };
};
const graphOf = (nodes: readonly GraphNode[]): Graph => {
  return { inputs: [], outputs: [], nodes: [...nodes], opsets: [] };
};

test('a value that is made again comes from where it was made last before', () => {
  const wiring = wiringOf(
    graphOf([node(['later'], ['x']), node(['x', 'x'], ['y']), node([], ['x', 'later']), node(['x'], ['x'])]),
  );
  expect([0, 1, 2, 3].map((index) => before(wiring, index))).toEqual([[2], [0], [], [2]]);
  expect([0, 1, 2, 3].map((index) => after(wiring, index))).toEqual([[1], [], [3, 0], []]);
});

test('a constant that every node of a large graph takes, and a name that all of them make, are nothing special', () => {
  const count = 200_000;
  const first = node([], ['constant', 'x']);
  const others = Array.from({ length: count - 1 }, () => node(['constant', 'x'], ['x']));
  const wiring = wiringOf(graphOf([first, ...others]));
  expect(after(wiring, 0)).toHaveLength(count - 1);
  expect(before(wiring, count - 1)).toEqual([0, count - 2]);
});

test('of a graph with fewer nodes than the last one, there is something to draw', () => {
  const chain = Array.from({ length: 200 }, (_, at) => node([`v${at}`], [`v${at + 1}`]));
  expect(drawnNodes(wiringOf(graphOf(chain)), 5000)).toContain(199);
});
