import type { GraphSummary } from '../formats/summary.ts';
import { diffNodes } from './diffNodes.ts';
import { diffInputs, diffOutputs, signatureOf } from './diffSignature.ts';
import { diffValues } from './diffValues.ts';
import { countOperators } from './operators.ts';
import type { GraphDiff } from './structureDiff.ts';

/** @param renamed what tensors of a are called in b, where that is something else */
export function diffGraph(
  a: GraphSummary,
  b: GraphSummary,
  renamed: ReadonlyMap<string, string>,
): { readonly graph: GraphDiff; readonly isCut: boolean } {
  const inputs = diffInputs(a, b);
  const outputs = diffOutputs(a, b);
  const { isCut, ...nodes } = diffNodes(a, b, renamed);
  const graph = {
    signature: signatureOf([...inputs, ...outputs]),
    inputs,
    outputs,
    opsets: diffValues(opsetsOf(a), opsetsOf(b)),
    operators: countOperators(a.nodes, b.nodes),
    nodes,
  };
  return { graph, isCut };
}

function opsetsOf({ opsets }: GraphSummary): Map<string, number> {
  return new Map(opsets.map(({ domain, version }) => [domain === '' ? 'ai.onnx' : domain, version]));
}
