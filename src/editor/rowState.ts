import { idOf, type ModelNode, type Node, type SeriesNode } from './nodes.ts';
import { seriesItem } from './seriesItem.ts';
import { relativeTime } from './text.ts';

// Everything that a row shows or hands to a command, as text: rows that are made anew under the pointer lose what is going on with them,
// so that only those are whose text has changed.

/** Of the rows at the top, without what each of them says. */
export function rootState(rows: readonly (ModelNode | SeriesNode)[], failed: readonly Node[]): string {
  return JSON.stringify([
    rows.map((node) => [idOf(node), node.parent && idOf(node.parent)]),
    failed.map((node) => [idOf(node), node.kind === 'failed' && [node.name, node.message]]),
  ]);
}

/** With which models are below it, but not what they say. */
export function seriesState(node: SeriesNode): string {
  return JSON.stringify([seriesItem(node), node.shown.map(idOf)]);
}

export function modelState({ row, shownPath, difference, matching }: ModelNode): string {
  return JSON.stringify([row, shownPath, difference, matching]);
}

/** Of the rows below a model, without their boxes: those the user changes, and they show it by themselves. */
export function childrenState(nodes: readonly Node[]): string {
  return JSON.stringify(
    nodes.map((node) => {
      switch (node.kind) {
        case 'working': {
          const { working } = node.parent.row;
          return [working, node.version, relativeTime(working.time ?? '')];
        }
        case 'version':
          return [node.version, node.metricsBefore, relativeTime(node.version.time)];
        case 'more':
          return [node.shown, node.total];
        default:
          return idOf(node);
      }
    }),
  );
}
