import * as l10n from '@vscode/l10n';
import { formatMetric } from '../core/formatNumber.ts';
import { compareNaturally } from '../core/naturalOrder.ts';
import { displayText } from '../formats/displayText.ts';
import { percent } from './percent.ts';
import { mark, type ReportSection, rowsOf } from './reportSection.ts';
import type { ModuleDiff, TensorEntry, TensorsDiff, TensorSide } from './tensorsDiff.ts';

/** The tensors that differ, in what they hold or in their name. */
export function tensorSection({ entries }: TensorsDiff): ReportSection {
  const told = entries.filter(
    ({ status, renamed }) => status !== 'same' || (renamed !== undefined && renamed !== 'prefix'),
  );
  return {
    title: l10n.t('Tensors'),
    header: [
      '',
      l10n.t('Name'),
      l10n.t('Type and shape'),
      l10n.t('Relative L2'),
      l10n.t('Cosine'),
      l10n.t('Largest change'),
      l10n.t('Changed'),
    ],
    rows: rowsOf(
      told.sort((x, y) => compareNaturally(nameInOne(x), nameInOne(y))),
      tensorRow,
    ),
    numbers: new Set([3, 4, 5, 6]),
  };
}

function tensorRow(entry: TensorEntry): string[] {
  const { status, difference } = entry;
  const number = (value: number | undefined): string => (value === undefined ? '' : formatMetric(value));
  const largest =
    difference?.maxAbsolute === undefined || difference.maxAbsolute === 0
      ? ''
      : `${formatMetric(difference.maxAbsolute)} @ [${difference.maxAt?.join(', ') ?? ''}]`;
  return [
    status === 'same' ? '=' : status === 'unknown' ? '?' : mark(status),
    nameOf(entry),
    kindOf(entry),
    number(difference?.relativeL2),
    number(difference?.cosine),
    largest,
    difference ? percent(difference.changed / difference.elements) : '',
  ];
}

function nameInOne({ a, b }: TensorEntry): string {
  return (b ?? a)?.name ?? '';
}

function nameOf(entry: TensorEntry): string {
  const { a, renamed } = entry;
  const name = displayText(nameInOne(entry));
  return renamed && renamed !== 'prefix' && a ? `${displayText(a.name)} → ${name}` : name;
}

function kindOf({ a, b, transposed }: TensorEntry): string {
  const [before, after] = [a, b].map((side) => side && sideText(side));
  const both = before !== undefined && after !== undefined && before !== after;
  const text = both ? `${before} → ${after}` : (after ?? before ?? '');
  return transposed ? l10n.t('{0}, transposed', text) : text;
}

function sideText({ dtype, shape, quantizer }: TensorSide): string {
  const kind = `${displayText(dtype)}[${shape.map((dimension) => dimension ?? '?').join(', ')}]`;
  return quantizer === undefined ? kind : `${kind} ${quantizer}`;
}

/** The modules in which something differs. */
export function moduleSection({ modules }: TensorsDiff): ReportSection {
  return {
    title: l10n.t('Modules'),
    header: [
      l10n.t('Name'),
      l10n.t('Changed'),
      l10n.t('Added'),
      l10n.t('Removed'),
      l10n.t('Relative L2'),
      '',
    ],
    rows: rowsOf(
      modules
        .filter(({ changed, added, removed, unknown }) => changed + added + removed + unknown > 0)
        .sort((x, y) => compareNaturally(x.module, y.module)),
      moduleRow,
    ),
    numbers: new Set([1, 2, 3, 4]),
  };
}

function moduleRow({ module, tensors, changed, added, removed, relativeL2 }: ModuleDiff): string[] {
  const count = (number: number): string => (number === 0 ? '' : String(number));
  return [
    module === '' ? '.' : displayText(module),
    `${changed}/${tensors}`,
    count(added),
    count(removed),
    relativeL2 === undefined ? '' : formatMetric(relativeL2),
    relativeL2 === undefined ? '' : '█'.repeat(barLength(relativeL2)),
  ];
}

/** On a scale of powers of ten, from a millionth on. */
function barLength(relativeL2: number): number {
  return relativeL2 === 0 ? 0 : Math.max(1, Math.min(18, Math.round(3 * (6 + Math.log10(relativeL2)))));
}
