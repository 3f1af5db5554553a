import * as l10n from '@vscode/l10n';
import { displayText } from '../formats/displayText.ts';
import { mark, type ReportSection, rowsOf, shown, valueSection } from './reportSection.ts';
import type { GraphDiff, GraphValueChange, NodeChange } from './structureDiff.ts';

export function graphSections({ inputs, outputs, opsets, operators, nodes }: GraphDiff): ReportSection[] {
  return [
    signatureSection(l10n.t('Inputs'), inputs),
    signatureSection(l10n.t('Outputs'), outputs),
    valueSection(l10n.t('Operator sets'), opsets),
    valueSection(
      l10n.t('Operators'),
      operators.filter(({ a, b }) => a !== b).map(({ op, a, b }) => ({ name: op, a, b })),
    ),
    {
      title: l10n.t('Nodes'),
      header: ['', l10n.t('Operator'), l10n.t('Name'), l10n.t('Change')],
      rows: rowsOf(nodes.changes, nodeRow),
      numbers: new Set(),
    },
  ];
}

function signatureSection(title: string, changes: readonly GraphValueChange[]): ReportSection {
  return {
    title,
    header: ['', l10n.t('Name'), l10n.t('Before'), l10n.t('After'), ''],
    rows: rowsOf(changes, ({ name, status, a, b, breaking }) => [
      mark(status),
      displayText(name),
      shown(a),
      shown(b),
      breaking ? l10n.t('breaking') : '',
    ]),
    numbers: new Set(),
  };
}

function nodeRow({ status, a, b, attributes, rewired }: NodeChange): string[] {
  const node = b ?? a;
  const outputs = node?.outputs.join(', ') ?? '';
  const operator =
    a && b && a.op !== b.op ? `${displayText(a.op)} → ${displayText(b.op)}` : displayText(node?.op ?? '');
  const changes = [
    ...attributes.map(({ name, a, b }) => `${displayText(name)}: ${shown(a)} → ${shown(b)}`),
    ...(rewired ? [l10n.t('wired differently')] : []),
  ];
  return [mark(status), operator, displayText(node?.name || outputs), changes.join('; ')];
}
