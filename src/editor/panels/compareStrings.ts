import { l10n } from 'vscode';
import type { CompareStrings } from '../../webview/compare/messages.ts';

/** What the Compare panel says. Placeholders are filled in there. */
export function compareStrings(): CompareStrings {
  return {
    titleOne: l10n.t('1 version'),
    titleMany: l10n.t('{0} versions compared'),
    baseline: l10n.t('Baseline'),
    isBaseline: l10n.t('{0} is the baseline'),
    useAsBaseline: l10n.t('Use {0} as the baseline'),
    diff: l10n.t('What Changed Inside'),
    filter: l10n.t('Filter by name'),
    nothingMatches: l10n.t('No metric or param has “{0}” in its name.'),
    models: l10n.t('Models'),
    charts: l10n.t('Charts'),
    table: l10n.t('Metrics and params of each version'),
    metrics: l10n.t('Metrics'),
    params: l10n.t('Params'),
    best: l10n.t('best'),
    isBest: l10n.t('{0} best'),
    asBaseline: l10n.t('{0} baseline'),
    higherBetter: l10n.t('higher is better'),
    lowerBetter: l10n.t('lower is better'),
    chart: l10n.t('chart'),
    chartLabel: l10n.t('{0} of {1} versions, from {2} to {3}'),
    chartHelp: l10n.t(
      '{0}: the arrow keys move from version to version, Enter shows the version in the Models view.',
    ),
    point: l10n.t('{0}: {1}'),
    against: l10n.t('against {0}: {1}'),
    better: l10n.t('better'),
    worse: l10n.t('worse'),
    same: l10n.t('the same'),
    onlyOne: l10n.t('Only {0} has this metric.'),
    noNumbers: l10n.t('No version has a finite number here.'),
    differs: l10n.t('The versions differ in this param.'),
    noValue: l10n.t('no value'),
    reveal: l10n.t('Show {0} in the Models view'),
    copyMarkdown: l10n.t('Copy as Markdown'),
    copyCsv: l10n.t('Copy as CSV'),
    copied: l10n.t('Copied'),
    noVersionsTitle: l10n.t('No versions to compare yet'),
    noVersions: l10n.t(
      'Check versions in the Models view. Their metrics and params appear here side by side, as they are checked.',
    ),
    noMetricsTitle: l10n.t('These versions have no metrics'),
    noMetrics: l10n.t(
      'Put a metrics.json or metrics.yaml beside the model before you record it, or run “Modeltrail: Add Metrics” on a version.',
    ),
    missingOne: l10n.t('1 checked version is no longer known and is not shown.'),
    missingMany: l10n.t('{0} checked versions are no longer known and are not shown.'),
    failed: l10n.t('The versions could not be loaded: {0}'),
    retry: l10n.t('Try Again'),
  };
}
