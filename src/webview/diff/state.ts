import type { ModelDiff } from '../../diff/modelDiff.ts';

/** Nothing that this page could show differs. */
export function isUnchanged(diff: ModelDiff): boolean {
  const { identical, tensors, graph, trees, hyperparameters, metadata, files, complete, verdict } = diff;
  if (identical) return true;
  const tensorsMoved = verdict.changedTensors + tensors.unknown + tensors.renamed;
  const others = hyperparameters.length + metadata.length + files.length + verdict.alarms.length;
  return complete && tensorsMoved + others === 0 && graphChanges(graph) + treeChanges(trees) === 0;
}

/** All tensors are equal, while something else is not. */
export function isSameWeights({ identical, tensors, verdict, complete }: ModelDiff): boolean {
  const { entries, unknown } = tensors;
  return !identical && complete && entries.length > 0 && verdict.changedTensors + unknown === 0;
}

export function graphChanges(graph: ModelDiff['graph']): number {
  if (!graph) return 0;
  const operators = graph.operators.filter(({ a, b }) => a !== b).length;
  const ends = graph.inputs.length + graph.outputs.length + graph.opsets.length;
  return graph.nodes.changes.length + ends + operators;
}

export function treeChanges(trees: ModelDiff['trees']): number {
  if (!trees) return 0;
  const { a, b, firstDifferent, featuresAdded, featuresRemoved, importance } = trees;
  const figures = ['trees', 'leaves', 'depth', 'objective', 'classes', 'features'] as const;
  const changed = figures.filter((name) => a[name] !== b[name]).length;
  const features = featuresAdded.length + featuresRemoved.length + importance.length;
  return changed + features + (firstDifferent === undefined ? 0 : 1);
}
