import * as l10n from '@vscode/l10n';
import { outputQuantizer } from '../formats/quantizer.ts';
import type { GraphDiff, NodeChange } from './structureDiff.ts';

/** Nodes that are the same but for what the whole numbers that they put out stand for, as they are after every training. */
export function requantizedNodes({ nodes }: GraphDiff): number {
  return nodes.changes.filter(isRequantized).length;
}

function isRequantized({ a, b, attributes, rewired }: NodeChange): boolean {
  return a?.op === b?.op && !rewired && attributes.every(({ name }) => name === outputQuantizer);
}

export function requantizedClauses(graph: GraphDiff | undefined): string[] {
  const count = graph ? requantizedNodes(graph) : 0;
  if (count === 0) return [];
  return [
    count === 1
      ? l10n.t('1 operator puts out numbers of another scale')
      : l10n.t('{0} operators put out numbers of another scale', count),
  ];
}
