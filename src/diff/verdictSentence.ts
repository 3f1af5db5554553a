import * as l10n from '@vscode/l10n';
import { formatMetric } from '../core/formatNumber.ts';
import type { ModelDiff, Verdict } from './modelDiff.ts';
import { percent } from './percent.ts';
import { requantizedClauses } from './requantized.ts';

type Parts = Omit<Verdict, 'text'>;

/** What of a diff the sentence is about. */
export interface Told extends Pick<
  ModelDiff,
  'identical' | 'tensors' | 'graph' | 'trees' | 'hyperparameters' | 'complete'
> {
  readonly verdict: Parts;
}

/**
 * The whole in one sentence.
 * @param inLanguage writes a number, given as in English, as what is around the sentence does
 */
export function verdictSentence(facts: Told, inLanguage = asWritten): string {
  if (facts.identical) return l10n.t('The two are the same file.');
  const { verdict } = facts;
  const clauses = [
    architectureClause(verdict),
    ...tensorClauses(facts, inLanguage),
    ...treeClauses(facts),
    ...requantizedClauses(facts.graph),
    ...signatureClauses(verdict),
    ...hyperparameterClauses(verdict),
    ...alarmClauses(verdict),
    ...(facts.complete ? [] : [l10n.t('not everything could be compared')]),
  ];
  return `${clauses.join('; ')}.`;
}

function asWritten(number: string): string {
  return number;
}

function architectureClause({ architecture }: Parts): string {
  if (architecture === 'same') return l10n.t('Same architecture');
  if (architecture === 'different') return l10n.t('Different architecture');
  return l10n.t('The contents differ');
}

function tensorClauses(
  { tensors: { added, removed, changed, unknown, renamed }, verdict }: Told,
  inLanguage: (number: string) => string,
): string[] {
  const { tensors, changedTensors, changedShare = 0, relativeL2 } = verdict;
  if (tensors === 0) return [];
  const clauses = [];
  if (changedTensors === 0 && unknown === 0) {
    clauses.push(
      tensors === 1 ? l10n.t('its tensor is unchanged') : l10n.t('all {0} tensors are unchanged', tensors),
    );
  } else if (changed > 0 || changedTensors === 0) {
    clauses.push(
      l10n.t(
        '{0} of {1} tensors changed ({2} of all elements)',
        changed,
        tensors,
        inLanguage(percent(changedShare)),
      ),
    );
  }
  if (added > 0) clauses.push(added === 1 ? l10n.t('1 tensor added') : l10n.t('{0} tensors added', added));
  if (removed > 0)
    clauses.push(removed === 1 ? l10n.t('1 tensor removed') : l10n.t('{0} tensors removed', removed));
  if (renamed > 0)
    clauses.push(renamed === 1 ? l10n.t('1 tensor renamed') : l10n.t('{0} tensors renamed', renamed));
  if (relativeL2 !== undefined && relativeL2 > 0)
    clauses.push(l10n.t('relative L2 of what changed {0}', inLanguage(formatMetric(relativeL2))));
  return clauses;
}

function treeClauses({ trees }: Told): string[] {
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

function signatureClauses({ signature }: Parts): string[] {
  if (signature === undefined) return [];
  if (signature === 'same') return [l10n.t('same inputs and outputs')];
  return signature === 'compatible'
    ? [l10n.t('inputs and outputs changed but are compatible')]
    : [l10n.t('inputs or outputs changed in a breaking way')];
}

function hyperparameterClauses({ changedHyperparameters: count }: Parts): string[] {
  if (count === 0) return [];
  return [count === 1 ? l10n.t('1 hyper-parameter differs') : l10n.t('{0} hyper-parameters differ', count)];
}

function alarmClauses({ alarms: { length } }: Parts): string[] {
  if (length === 0) return [];
  return [length === 1 ? l10n.t('1 warning') : l10n.t('{0} warnings', length)];
}
