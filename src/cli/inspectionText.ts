import * as l10n from '@vscode/l10n';
import { isComplex } from '../core/complexType.ts';
import { formatBytes } from '../core/formatBytes.ts';
import { formatMetric } from '../core/formatNumber.ts';
import type { FullInspection, Inspection } from '../trail/api/inspection.ts';
import { styled } from './style.ts';
import { indented } from './table.ts';

type ModelRecord = Inspection['record'];
type Statistics = FullInspection['statistics'][number];

/** More rows than this of nodes and trees say nothing any more; --json has them all. */
const mostRows = 40;
const longestValue = 300;

/** What is inside one model, for people. */
export function inspectionText(inspection: Inspection | FullInspection, columns: number | undefined): string {
  const { record, formatLabel } = inspection;
  const statistics = 'statistics' in inspection ? inspection.statistics : undefined;
  return [
    styled('bold', record.path),
    indented([[headline(record, formatLabel)]]),
    ...findings(record),
    ...section(l10n.t('Metadata'), entries(record.metadata), { columns, elastic: 1 }),
    ...section(l10n.t('Hyper-parameters'), entries(record.hyperparameters), { columns, elastic: 1 }),
    ...graph(record, columns),
    ...trees(record),
    ...tensors(record, statistics, columns),
  ].join('\n');
}

function headline(
  { formatVersion, producer, parameters, tensors, size }: ModelRecord,
  label: string,
): string {
  const parts = [
    [label, formatVersion].filter(Boolean).join(' '),
    producer,
    formatBytes(size),
    parameters === undefined ? undefined : parametersText(parameters),
    tensors.length === 0 ? undefined : tensorsText(tensors.length),
    types({ tensors }),
  ];
  return parts.filter(Boolean).join(' · ');
}

function parametersText(count: number): string {
  return count === 1 ? l10n.t('1 parameter') : l10n.t('{0} parameters', count.toLocaleString('en'));
}

function tensorsText(count: number): string {
  return count === 1 ? l10n.t('1 tensor') : l10n.t('{0} tensors', count.toLocaleString('en'));
}

/** `F32 92%, I64 8%`, by the bytes. */
function types({ tensors }: Pick<ModelRecord, 'tensors'>): string {
  const bytes = new Map<string, number>();
  for (const { dtype, byteLength = 0 } of tensors) bytes.set(dtype, (bytes.get(dtype) ?? 0) + byteLength);
  const total = [...bytes.values()].reduce((sum, value) => sum + value, 0);
  if (bytes.size <= 1 || total === 0) return [...bytes.keys()].join('');
  return [...bytes]
    .sort(([, a], [, b]) => b - a)
    .map(([dtype, value]) => `${dtype} ${formatMetric(Math.round((1000 * value) / total) / 10)}%`)
    .join(', ');
}

function findings({ findings, complete }: ModelRecord): string[] {
  const rows = findings.map(({ severity, message, offset }) => [
    severity === 'error' ? styled('red', l10n.t('error')) : styled('yellow', l10n.t('warning')),
    offset === undefined ? message : l10n.t('{0} (at byte {1})', message, offset),
  ]);
  if (!complete) rows.push([styled('yellow', l10n.t('incomplete')), l10n.t('Not all of the file was read.')]);
  return section(l10n.t('Findings'), rows);
}

function graph({ graph }: ModelRecord, columns: number | undefined): string[] {
  if (!graph) return [];
  const counts = new Map<string, number>();
  for (const { op, domain } of graph.nodes) {
    const name = domain === '' ? op : `${domain}.${op}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const operators = [...counts].sort(([, a], [, b]) => b - a).map(([name, count]) => `${name} ${count}`);
  const value = (kind: string) => {
    return ({ name, dtype = '?', shape, quantizer = '' }: (typeof graph.inputs)[number]): string[] => [
      kind,
      `${name}: ${dtype}${shape ? ` [${shape.map((size) => size ?? '?').join(', ')}]` : ''} ${quantizer}`.trimEnd(),
    ];
  };
  const rows = [
    ...graph.opsets.map(({ domain, version }) => [l10n.t('opset'), `${domain || 'ai.onnx'} ${version}`]),
    ...graph.inputs.map(value(l10n.t('input'))),
    ...graph.outputs.map(value(l10n.t('output'))),
    ...(operators.length > 0 ? [[l10n.t('nodes'), `${graph.nodes.length}: ${cut(operators, ', ')}`]] : []),
  ];
  return section(l10n.t('Graph'), rows, { columns, elastic: 1 });
}

function trees({ trees }: ModelRecord): string[] {
  if (!trees) return [];
  const leaves = trees.trees.reduce((sum, tree) => sum + tree.leaves, 0);
  const depth = trees.trees.reduce((most, tree) => Math.max(most, tree.depth), 0);
  const important = Object.entries(trees.importance).sort(
    ([, a], [, b]) => (b.gain ?? b.splits) - (a.gain ?? a.splits),
  );
  const rows = [
    [l10n.t('objective'), trees.objective ?? ''],
    [l10n.t('features'), String(trees.features.length)],
    [l10n.t('classes'), trees.classes === undefined ? '' : String(trees.classes)],
    [l10n.t('trees'), l10n.t('{0}, {1} leaves, depth up to {2}', trees.trees.length, leaves, depth)],
  ];
  return [
    ...section(
      l10n.t('Trees'),
      rows.filter(([, value]) => value !== ''),
    ),
    ...section(
      l10n.t('Most important features'),
      important
        .slice(0, mostRows)
        .map(([name, { splits, gain }]) => [
          name,
          splits === 1 ? l10n.t('1 split') : l10n.t('{0} splits', splits),
          gain === undefined ? '' : l10n.t('gain {0}', formatMetric(gain)),
        ]),
    ),
  ];
}

function tensors(
  { tensors }: ModelRecord,
  statistics: readonly Statistics[] | undefined,
  columns: number | undefined,
): string[] {
  const head = ['', '', '', '', ...(statistics ? statisticsHead() : [])];
  const rows = tensors.map(({ name, dtype, shape, byteLength, sharesStorageWith, quantizer }, at) => [
    name,
    dtype,
    `[${shape.map((length) => length ?? '?').join(', ')}]`,
    byteLength === undefined ? '' : formatBytes(byteLength),
    ...(statistics ? statisticsCells(statistics[at]) : []),
    styled(
      'dim',
      sharesStorageWith === undefined
        ? (quantizer ?? (statistics && isComplex(dtype) ? l10n.t('of the magnitudes') : ''))
        : l10n.t('shares the storage of {0}', sharesStorageWith),
    ),
  ]);
  const layout = { columns: columns === undefined ? undefined : columns - 2, elastic: 0 };
  const right = new Set([3, 4, 5, 6, 7, 8, 9, 10]);
  return section(l10n.t('Tensors'), statistics && rows.length > 0 ? [head, ...rows] : rows, {
    ...layout,
    right,
  });
}

function statisticsHead(): string[] {
  return [
    l10n.t('min'),
    l10n.t('max'),
    l10n.t('mean'),
    l10n.t('deviation'),
    l10n.t('norm'),
    l10n.t('zeros'),
    l10n.t('NaN, Inf'),
  ];
}

function statisticsCells({ statistics, obstacle }: Statistics = { tensor: '' }): string[] {
  if (!statistics) return ['', '', '', '', '', '', '', styled('yellow', obstacle ?? '')];
  const { min, max, mean, standardDeviation, norm, zeros, nan } = statistics;
  const others = nan + statistics.positiveInfinity + statistics.negativeInfinity;
  return [
    ...[min, max, mean, standardDeviation, norm].map((value) =>
      value === undefined ? '' : formatMetric(value),
    ),
    zeros === 0 ? '' : zeros.toLocaleString('en'),
    others === 0 ? '' : styled('red', others.toLocaleString('en')),
  ];
}

function entries(values: Readonly<Record<string, unknown>>): string[][] {
  return Object.entries(values).map(([key, value]) => [key, short(String(value))]);
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= longestValue ? line : `${line.slice(0, longestValue)}…`;
}

function cut(items: readonly string[], separator: string): string {
  const shown = items.slice(0, mostRows).join(separator);
  return items.length <= mostRows ? shown : `${shown}${separator}…`;
}

function section(
  title: string,
  rows: readonly (readonly string[])[],
  layout?: Parameters<typeof indented>[1],
): string[] {
  return rows.length === 0 ? [] : ['', title, indented(rows, layout)];
}
