import * as l10n from '@vscode/l10n';
import { versionName } from '../../core/versions.ts';
import type { RecordResult } from '../../trail/api/changes.ts';
import { defineCommand, type Session } from '../command.ts';
import { parseMetrics, parseParams } from '../assignments.ts';
import { versionDocument } from '../documents.ts';
import { formatMetrics } from '../format.ts';
import { movedText, spoken } from '../references.ts';

export const record = defineCommand({
  name: 'record',
  summary: () => l10n.t('Keep the file as it is now as a version.'),
  positionals: ['PATH'],
  options: {
    message: {
      type: 'string',
      short: 'm',
      value: 'TEXT',
      summary: () => l10n.t('What this version is.'),
    },
    metric: {
      type: 'string',
      multiple: true,
      value: 'K=V',
      summary: () =>
        l10n.t('A metric, besides those of the metrics file next to the model; may be repeated.'),
    },
    param: {
      type: 'string',
      multiple: true,
      value: 'K=V',
      summary: () => l10n.t('A parameter, likewise; may be repeated.'),
    },
  },
  readsFirst: ({ positionals: [path] }) => path,
  async run(session, { positionals: [path], options }) {
    const request = {
      model: session.paths.toModel(path),
      message: options.message,
      metrics: parseMetrics(options.metric),
      params: parseParams(options.param),
    };
    const result = await session.trail.record(request, session.operation);
    const {
      version,
      isNew,
      messageBefore,
      metricsFile,
      metricsProblem,
      notCommitted,
      externalData,
      movedFrom,
    } = result;
    for (const problem of [...result.cutOff, ...result.externalDataProblems]) session.warn(problem);
    if (metricsProblem !== undefined) session.warn(metricsProblem);
    if (notCommitted !== undefined) session.warn(notCommitted);
    const name = spoken(session, version);
    return {
      json: {
        version: versionDocument(version),
        isNew,
        messageBefore: messageBefore ?? null,
        metricsFile: metricsFile ?? null,
        externalData: externalData.map((data) => ({
          version: versionDocument(data.version),
          isNew: data.isNew,
        })),
        cutOff: result.cutOff,
        movedFrom: movedFrom ?? null,
      },
      text: [
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
      ].join('\n'),
    };
  },
});

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
