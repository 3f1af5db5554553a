import * as l10n from '@vscode/l10n';
import { versionName } from '../core/versions.ts';
import type { RecordResult } from '../trail/api/changes.ts';
import type { Session } from './command.ts';
import { versionDocument } from './documents.ts';
import { formatMetrics } from './format.ts';
import { movedText, spoken } from './references.ts';

/** What is odd about a recording. */
export function recordedWarnings({
  cutOff,
  externalDataProblems,
  metricsProblem,
  notCommitted,
}: RecordResult): string[] {
  return [...cutOff, ...externalDataProblems, metricsProblem, notCommitted].filter(
    (problem) => problem !== undefined,
  );
}

export function recordedDocument(result: RecordResult): Readonly<Record<string, unknown>> {
  const { version, isNew, messageBefore, metricsFile, externalData, cutOff, movedFrom } = result;
  return {
    version: versionDocument(version),
    isNew,
    messageBefore: messageBefore ?? null,
    metricsFile: metricsFile ?? null,
    externalData: externalData.map((data) => ({
      version: versionDocument(data.version),
      isNew: data.isNew,
    })),
    cutOff,
    movedFrom: movedFrom ?? null,
  };
}

export function recordedText(session: Session, result: RecordResult): string {
  const { version, isNew, messageBefore, metricsFile, movedFrom } = result;
  const name = spoken(session, version);
  return [
    isNew
      ? l10n.t('Recorded {0}.', name)
      : l10n.t('{0} was recorded before: this is the same content.', name),
    ...(messageBefore === undefined ? [] : [l10n.t('Its message was "{0}" until now.', messageBefore)]),
    ...dataText(session, result),
    ...metricsText(session, result),
    ...(metricsFile === undefined
      ? []
      : [l10n.t('Metrics were read from {0}.', session.paths.shown(metricsFile))]),
    ...(movedFrom === undefined ? [] : [movedText(session, version.model, movedFrom)]),
  ].join('\n');
}

const mostLines = 10;

/** An exporter may write a file for each tensor. */
function dataText(session: Session, { externalData }: RecordResult): string[] {
  const recorded = externalData.filter(({ isNew }) => isNew).length;
  if (externalData.length > mostLines) {
    return [
      l10n.t(
        'Its weights are in {0} files: {1} recorded, {2} recorded before.',
        externalData.length,
        recorded,
        externalData.length - recorded,
      ),
    ];
  }
  return externalData.map(({ version, isNew }) =>
    isNew
      ? l10n.t(
          'Its weights in {0} were recorded as {1}.',
          session.paths.shown(version.model),
          versionName(version),
        )
      : l10n.t(
          'Its weights in {0} are {1}, which was recorded before.',
          session.paths.shown(version.model),
          versionName(version),
        ),
  );
}

/** Those of what they were put on. */
function metricsText(session: Session, { version, described: [first = version] }: RecordResult): string[] {
  const metrics = formatMetrics(first.metrics);
  if (metrics === '') return [];
  return [
    first.model === version.model
      ? l10n.t('Metrics: {0}', metrics)
      : l10n.t('Metrics of {0}: {1}', spoken(session, first), metrics),
  ];
}
