import * as l10n from '@vscode/l10n';
import { displayText } from '../formats/displayText.ts';
import { percent } from './percent.ts';
import { type ReportSection, rowsOf, valueSection } from './reportSection.ts';
import type { TreesDiff } from './structureDiff.ts';
import type { ValueChange } from './valueChange.ts';

export function treeSections(diff: TreesDiff): ReportSection[] {
  const { a, b, featuresAdded, featuresRemoved, importance } = diff;
  const figures: readonly ValueChange[] = [
    { name: l10n.t('Trees'), a: a.trees, b: b.trees },
    { name: l10n.t('Leaves'), a: a.leaves, b: b.leaves },
    { name: l10n.t('Depth'), a: a.depth, b: b.depth },
    { name: l10n.t('Classes'), a: a.classes, b: b.classes },
    { name: l10n.t('Objective'), a: a.objective, b: b.objective },
    ...featuresAdded.map((name) => ({ name: l10n.t('Feature'), b: name })),
    ...featuresRemoved.map((name) => ({ name: l10n.t('Feature'), a: name })),
  ];
  return [
    valueSection(
      l10n.t('Trees'),
      figures.filter((figure) => figure.a !== figure.b),
    ),
    {
      title: l10n.t('Importance of features'),
      header: [
        l10n.t('Feature'),
        l10n.t('Splits before'),
        l10n.t('Splits after'),
        l10n.t('Gain before'),
        l10n.t('Gain after'),
      ],
      rows: rowsOf(importance, ({ feature, a, b }) => [
        displayText(feature),
        share(a?.splits),
        share(b?.splits),
        share(a?.gain),
        share(b?.gain),
      ]),
      numbers: new Set([1, 2, 3, 4]),
    },
  ];
}

function share(value: number | undefined): string {
  return value === undefined ? '–' : percent(value);
}
