import type { ModelDiff, Verdict } from './modelDiff.ts';
import { requantizedNodes } from './requantized.ts';
import type { TensorEntry } from './tensorsDiff.ts';
import { type Told, verdictSentence } from './verdictSentence.ts';

type Facts = Omit<Told, 'verdict'> & Pick<ModelDiff, 'a' | 'b'> & Pick<Verdict, 'alarms' | 'relativeL2'>;

/** With the whole in one sentence. */
export function verdictOf(facts: Facts): Verdict {
  const { tensors, graph, hyperparameters, relativeL2, alarms } = facts;
  const parts: Omit<Verdict, 'text'> = {
    architecture: architectureOf(facts),
    tensors: tensors.entries.length,
    changedTensors: tensors.changed + tensors.added + tensors.removed,
    changedShare: changedShare(tensors.entries),
    relativeL2,
    signature: graph?.signature,
    changedHyperparameters: hyperparameters.length,
    alarms,
  };
  return { text: verdictSentence({ ...facts, verdict: parts }), ...parts };
}

function architectureOf({
  identical,
  tensors,
  graph,
  trees,
  a,
  b,
  complete,
}: Facts): Verdict['architecture'] {
  if (identical) return 'same';
  const isOther = tensors.entries.some(
    ({ status, beside }) => (status === 'added' || status === 'removed') && !beside,
  );
  const isReshaped = tensors.entries.some(({ reshaped, transposed }) => reshaped || transposed);
  const isDifferent =
    isOther ||
    isReshaped ||
    (graph && (graph.nodes.changes.length > requantizedNodes(graph) || graph.signature !== 'same')) ||
    (trees &&
      (trees.a.trees !== trees.b.trees || trees.featuresAdded.length + trees.featuresRemoved.length > 0));
  if (isDifferent) return 'different';
  const isKnown = complete && a.complete && b.complete && (tensors.entries.length > 0 || graph || trees);
  return isKnown ? 'same' : 'unknown';
}

/** Of the elements. */
function changedShare(entries: readonly TensorEntry[]): number | undefined {
  let [changed, all] = [0, 0];
  for (const entry of entries) {
    const elements = Math.max(entry.a?.elements ?? 0, entry.b?.elements ?? 0);
    all += elements;
    changed += changedElements(entry, elements);
  }
  return all === 0 ? undefined : changed / all;
}

/** All where something became of the whole tensor, or where the numbers of a tensor that changed were not compared. */
function changedElements(
  { status, a, b, difference, frozen, comparedBy }: TensorEntry,
  elements: number,
): number {
  if (status === 'same' || status === 'unknown') return 0;
  if (difference) return difference.changed;
  // Of another shape or type, but with the same numbers.
  const isKnownSame = a?.elements === b?.elements && (frozen ?? comparedBy === 'numbers');
  return isKnownSame ? 0 : elements;
}
