import * as l10n from '@vscode/l10n';
import { displayText } from '../formats/displayText.ts';
import type { FileDiff, ModelDiff } from './modelDiff.ts';
import { graphSections } from './reportGraph.ts';
import { mark, type ReportSection, rowsOf, valueSection } from './reportSection.ts';
import { moduleSection, tensorSection } from './reportTensors.ts';
import { treeSections } from './reportTrees.ts';

export interface Report {
  readonly verdict: string;
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
  readonly sections: readonly (Omit<ReportSection, 'rows'> & {
    readonly rows: readonly (readonly string[])[];
    /** Rows that are left out. */
    readonly more: number;
  })[];
}

export interface ReportOptions {
  /** Of each section; all if not given. */
  readonly mostRows?: number;
  /** Modules instead of tensors, and nothing else. */
  readonly short?: boolean;
}

/** What changed, for people: only what differs, in sections that are not empty. */
export function reportOf(
  diff: ModelDiff,
  { mostRows = Infinity, short = false }: ReportOptions = {},
): Report {
  const sections = short
    ? [moduleSection(diff.tensors)]
    : [
        tensorSection(diff.tensors),
        ...(diff.graph ? graphSections(diff.graph) : []),
        ...(diff.trees ? treeSections(diff.trees) : []),
        valueSection(l10n.t('Hyper-parameters'), diff.hyperparameters),
        valueSection(l10n.t('Metadata'), diff.metadata),
        fileSection(diff.files),
        ...diff.files.map(({ path, changes }) => valueSection(displayText(path), changes)),
      ];
  return {
    verdict: diff.verdict.text,
    warnings: diff.verdict.alarms.map(({ message }) => message),
    notes: diff.notes,
    sections: sections.filter(({ rows }) => rows.length > 0).map((section) => cut(section, mostRows)),
  };
}

function cut({ title, header, rows, numbers }: ReportSection, mostRows: number): Report['sections'][number] {
  const shown = rows.first(mostRows);
  return { title, header, rows: shown, numbers, more: rows.length - shown.length };
}

function fileSection(files: readonly FileDiff[]): ReportSection {
  return {
    title: l10n.t('Files with settings'),
    header: ['', l10n.t('Name')],
    rows: rowsOf(files, ({ path, status }) => [mark(status), displayText(path)]),
    numbers: new Set(),
  };
}
