import * as l10n from '@vscode/l10n';
import { formatMetric } from '../core/formatNumber.ts';
import { percent } from './percent.ts';
import type { ModelDiff, Verdict } from './modelDiff.ts';
import type { TensorEntry } from './tensorsDiff.ts';

type Facts = Pick<
  ModelDiff,
  'a' | 'b' | 'identical' | 'tensors' | 'graph' | 'trees' | 'hyperparameters' | 'complete'
> &
  Pick<Verdict, 'alarms' | 'relativeL2'>;

/** The whole in one sentence. */
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
  return { text: sentence(facts, parts), ...parts };
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
  const isReshaped = tensors.entries.some(({ reshaped, transposed }) => reshaped || transposed);
  const isDifferent =
    tensors.added + tensors.removed > 0 ||
    isReshaped ||
    (graph && (graph.nodes.changes.length > 0 || graph.signature !== 'same')) ||
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

function sentence(facts: Facts, parts: Omit<Verdict, 'text'>): string {
  if (facts.identical) return l10n.t('The two are the same file.');
  const clauses = [
    architectureClause(parts),
    ...tensorClauses(facts, parts),
    ...treeClauses(facts),
    ...signatureClauses(parts),
    ...hyperparameterClauses(parts),
    ...alarmClauses(parts),
    ...(facts.complete ? [] : [l10n.t('not everything could be compared')]),
  ];
  return `${clauses.join('; ')}.`;
}

function architectureClause({ architecture }: Omit<Verdict, 'text'>): string {
  if (architecture === 'same') return l10n.t('Same architecture');
  if (architecture === 'different') return l10n.t('Different architecture');
  return l10n.t('The contents differ');
}

function tensorClauses(
  { tensors: { added, removed, changed, unknown, renamed } }: Facts,
  { tensors, changedTensors, changedShare = 0, relativeL2 }: Omit<Verdict, 'text'>,
): string[] {
  if (tensors === 0) return [];
  const clauses = [];
  if (changedTensors === 0 && unknown === 0) {
    clauses.push(
      tensors === 1 ? l10n.t('its tensor is unchanged') : l10n.t('all {0} tensors are unchanged', tensors),
    );
  } else if (changed > 0 || changedTensors === 0) {
    clauses.push(
      l10n.t('{0} of {1} tensors changed ({2} of all elements)', changed, tensors, percent(changedShare)),
    );
  }
  if (added > 0) clauses.push(added === 1 ? l10n.t('1 tensor added') : l10n.t('{0} tensors added', added));
  if (removed > 0)
    clauses.push(removed === 1 ? l10n.t('1 tensor removed') : l10n.t('{0} tensors removed', removed));
  if (renamed > 0)
    clauses.push(renamed === 1 ? l10n.t('1 tensor renamed') : l10n.t('{0} tensors renamed', renamed));
  if (relativeL2 !== undefined && relativeL2 > 0)
    clauses.push(l10n.t('relative L2 of what changed {0}', formatMetric(relativeL2)));
  return clauses;
}

function treeClauses({ trees }: Facts): string[] {
  if (!trees) return [];
  const { a, b, comparedBy, firstDifferent } = trees;
  if (a.trees !== b.trees) return [l10n.t('{0} trees became {1}', a.trees, b.trees)];
  if (firstDifferent === undefined) {
    return comparedBy === 'content'
      ? [l10n.t('all {0} trees are unchanged', a.trees)]
      : [l10n.t('all {0} trees have the same size', a.trees)];
  }
  return [l10n.t('the trees differ from tree {0} on', firstDifferent)];
}

function signatureClauses({ signature }: Omit<Verdict, 'text'>): string[] {
  if (signature === undefined) return [];
  if (signature === 'same') return [l10n.t('same inputs and outputs')];
  return signature === 'compatible'
    ? [l10n.t('inputs and outputs changed but are compatible')]
    : [l10n.t('inputs or outputs changed in a breaking way')];
}

function hyperparameterClauses({ changedHyperparameters: count }: Omit<Verdict, 'text'>): string[] {
  if (count === 0) return [];
  return [count === 1 ? l10n.t('1 hyper-parameter differs') : l10n.t('{0} hyper-parameters differ', count)];
}

function alarmClauses({ alarms: { length } }: Omit<Verdict, 'text'>): string[] {
  if (length === 0) return [];
  return [length === 1 ? l10n.t('1 warning') : l10n.t('{0} warnings', length)];
}
