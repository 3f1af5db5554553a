import * as l10n from '@vscode/l10n';
import type { Values } from '../../core/contradictions.ts';
import { formatMetric } from '../../core/formatNumber.ts';
import type { Version } from '../../core/versions.ts';
import { parseMetrics, parseParams } from '../assignments.ts';
import { defineCommand, type Outcome, type Session } from '../command.ts';
import { versionDocument } from '../documents.ts';
import { resolveVersion, spoken } from '../references.ts';
import { indented } from '../table.ts';

export const metrics = defineCommand({
  name: 'metrics',
  summary: () => l10n.t('Add metrics and parameters to a version, as after an evaluation, or show them.'),
  positionals: ['REF'],
  options: {
    metric: {
      type: 'string',
      multiple: true,
      value: 'K=V',
      summary: () => l10n.t('A metric, in place of what it was; may be repeated.'),
    },
    param: {
      type: 'string',
      multiple: true,
      value: 'K=V',
      summary: () => l10n.t('A parameter, likewise; may be repeated.'),
    },
  },
  async run(session, { positionals: [reference], options }) {
    const values = { metrics: parseMetrics(options.metric), params: parseParams(options.param) };
    const isAsked = options.metric.length + options.param.length === 0;
    const version = await resolveVersion(session, reference);
    return isAsked ? shown(session, version) : add(session, version, values);
  },
});

function shown(session: Session, version: Version): Outcome {
  const name = spoken(session, version);
  const rows = valuesOf(version);
  return {
    json: { change: null, version: versionDocument(version) },
    text:
      rows.length === 0
        ? l10n.t('{0} has no metrics. `modeltrail metrics --help` tells how to add some.', name)
        : `${name}\n${indented(rows)}`,
  };
}

async function add(session: Session, before: Version, values: Values): Promise<Outcome> {
  const target = { model: before.model, version: before.id };
  const id = await session.trail.measure(target, values);
  const version = (await session.trail.version(target)) ?? before;
  const name = spoken(session, version);
  return {
    json: {
      change: { id: id ?? null, kind: 'measured', ...target, ...values },
      version: versionDocument(version),
    },
    text:
      id === undefined
        ? l10n.t('{0} has these values already.', name)
        : l10n.t(
            '{0} has the values now: {1}',
            name,
            valuesOf(values)
              .map((row) => row.join('='))
              .join(' '),
          ),
  };
}

function valuesOf({ metrics, params }: Values): string[][] {
  return [
    ...Object.entries(metrics).map(([name, value]) => [name, formatMetric(value)]),
    ...Object.entries(params).map(([name, value]) => [name, String(value)]),
  ];
}
