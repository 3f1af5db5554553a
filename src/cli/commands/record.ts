import * as l10n from '@vscode/l10n';
import { defineCommand } from '../command.ts';
import { parseMetrics, parseParams } from '../assignments.ts';
import { versionDocument } from '../documents.ts';
import { formatMetrics } from '../format.ts';
import { spoken } from '../references.ts';

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
    const { version, isNew, messageBefore, metricsFile, metricsProblem, notCommitted } =
      await session.trail.record(request, session.operation);
    if (metricsProblem !== undefined) session.warn(metricsProblem);
    if (notCommitted !== undefined) session.warn(notCommitted);
    const name = spoken(session, version);
    const metrics = formatMetrics(version.metrics);
    return {
      json: {
        version: versionDocument(version),
        isNew,
        messageBefore: messageBefore ?? null,
        metricsFile: metricsFile ?? null,
      },
      text: [
        isNew
          ? l10n.t('Recorded {0}.', name)
          : l10n.t('{0} was recorded before: this is the same content.', name),
        ...(messageBefore === undefined ? [] : [l10n.t('Its message was "{0}" until now.', messageBefore)]),
        ...(metrics === '' ? [] : [l10n.t('Metrics: {0}', metrics)]),
        ...(metricsFile === undefined
          ? []
          : [l10n.t('Metrics were read from {0}.', session.paths.shown(metricsFile))]),
      ].join('\n'),
    };
  },
});
