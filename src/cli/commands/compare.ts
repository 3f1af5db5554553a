import * as l10n from '@vscode/l10n';
import { type CompareTable, compareVersions, type MetricRow } from '../../core/compare.ts';
import { formatDelta, formatMetric } from '../../core/formatNumber.ts';
import { oldestFirst } from '../../core/oldestFirst.ts';
import { type Version, versionName } from '../../core/versions.ts';
import { defineCommand, type Session } from '../command.ts';
import { versionDocument } from '../documents.ts';
import { formatLabels } from '../format.ts';
import { resolveVersion } from '../references.ts';
import { styled, verdictStyled } from '../style.ts';
import { narrowest, table, truncate } from '../table.ts';

export const compare = defineCommand({
  name: 'compare',
  summary: () =>
    l10n.t('Put the metrics and parameters of versions side by side; the first one is the baseline.'),
  positionals: ['REF...'],
  options: {},
  async run(session, { positionals }) {
    const chosen = new Map<string, Version>();
    for (const reference of positionals) {
      const version = await resolveVersion(session, reference);
      chosen.set(keyOf(version), version);
    }
    const [first] = chosen.values();
    const compared = compareVersions(await inOrder(session, chosen), first);
    return { json: compareDocument(compared), text: compareText(session, compared) };
  },
});

async function inOrder(session: Session, chosen: ReadonlyMap<string, Version>): Promise<Version[]> {
  const models: Version[][] = [];
  for (const model of new Set([...chosen.values()].map(({ model }) => model))) {
    const { versions } = await session.trail.versions(model, { offset: 0, limit: Number.MAX_SAFE_INTEGER });
    models.push(versions.filter((version) => chosen.has(keyOf(version))));
  }
  return oldestFirst(models);
}

function keyOf({ model, id }: Version): string {
  return `${model}@${id}`;
}

function compareDocument({
  versions,
  baseline,
  metrics,
  params,
}: CompareTable): Readonly<Record<string, unknown>> {
  return {
    versions: versions.map(versionDocument),
    baseline: baseline ?? null,
    metrics: metrics.map(({ name, direction, values, deltas, best }) => ({
      name,
      direction,
      values: versions.map((_, column) => values[column] ?? null),
      deltas: versions.map((_, column) => deltas[column]?.absolute ?? null),
      best: best ?? null,
    })),
    params: params.map(({ name, values, differs }) => ({
      name,
      values: versions.map((_, column) => values[column] ?? null),
      differs,
    })),
  };
}

function compareText(session: Session, { versions, baseline, metrics, params }: CompareTable): string {
  // A param may be a whole text; each version has its share of the terminal.
  const share = Math.floor((session.columns ?? Infinity) / (versions.length + 1)) - 2;
  const fitting = (text: string): string => truncate(text, Math.max(narrowest, share));
  const severalModels = new Set(versions.map((version) => version.model)).size > 1;
  const headings = versions.map((version, column) => {
    const name = severalModels
      ? `${session.paths.shown(version.model)}@${versionName(version)}`
      : versionName(version);
    return styled('cyan', name) + (column === baseline ? ` ${l10n.t('(baseline)')}` : '');
  });
  return table(
    [
      ['', ...headings],
      ['', ...versions.map(formatLabels)],
      ...metrics.map((row) => [row.name, ...versions.map((_, column) => metricCell(row, column))]),
      ...params.map(({ name, values, differs }) => [
        differs ? styled('bold', name) : name,
        ...versions.map((_, column) =>
          values[column] === undefined ? '-' : fitting(String(values[column])),
        ),
      ]),
    ].filter((row) => row.some((cell) => cell !== '')),
  );
}

/** `0.913 +0.013`, the best of the row marked. */
function metricCell({ values, deltas, best, apart }: MetricRow, column: number): string {
  const value = values[column];
  if (value === undefined) return '-';
  const delta = deltas[column];
  const number = formatMetric(value, apart);
  return [
    column === best ? styled('bold', `${number}*`) : number,
    ...(delta ? [verdictStyled(delta.verdict, formatDelta(delta.absolute))] : []),
  ].join(' ');
}
