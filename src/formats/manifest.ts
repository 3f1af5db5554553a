import { createHash } from 'node:crypto';
import { compareNaturally } from '../core/naturalOrder.ts';
import { displayText } from './displayText.ts';
import { graphLines, treeLines } from './manifestSections.ts';
import type { ModelSummary, TensorInfo } from './summary.ts';

export interface ManifestFacts {
  /** The model's path or file name. */
  readonly name: string;
  /** The format as people call it. */
  readonly format: string;
  /** In bytes. */
  readonly size: number;
  readonly sha256: string;
  /** The beginning of a text that is too long to be shown whole. */
  readonly textPreview?: string;
}

/** What VS Code can still compare at ease. */
const maxTensors = 50_000;
const maxValueLength = 2000;

/**
 * One side of a text diff of two versions. Every line says one thing and stands in an order that depends on nothing else, so that
 * equal things give equal lines and a change shows as one line. The words are not translated: like YAML keys, they are looked for.
 */
export function manifestText(summary: ModelSummary | undefined, facts: ManifestFacts): string {
  const lines = [
    `model: ${displayText(facts.name)}`,
    `format: ${[facts.format, summary?.formatVersion].filter(Boolean).join(' ')}`,
    `size: ${facts.size} bytes`,
    `sha256: ${facts.sha256}`,
  ];
  if (summary) lines.push(...summaryLines(summary));
  if (facts.textPreview !== undefined) {
    lines.push('', 'text:', ...facts.textPreview.split(/\r?\n/).map((line) => `  ${displayText(line)}`));
  }
  return `${lines.join('\n')}\n`;
}

function summaryLines(summary: ModelSummary): string[] {
  const { producer, metadata, hyperparameters, tensors, graph, trees, findings, complete, parameters } =
    summary;
  const lines: string[] = [];
  if (producer !== undefined) lines.push(`producer: ${displayText(producer)}`);
  if (parameters !== undefined) lines.push(`parameters: ${parameters}`);
  if (tensors.length > 0 || !trees) lines.push(`tensors: ${tensors.length}`);
  if (!complete) lines.push('complete: no');
  if (findings.length > 0) {
    lines.push('', 'findings:', ...findings.map(({ severity, message }) => `  ${severity}: ${message}`));
  }
  if (metadata.size > 0) {
    const entries = [...metadata].sort(([a], [b]) => compareNaturally(a, b));
    lines.push('', 'metadata:', ...entries.map(([key, value]) => `  ${displayText(key)}: ${shown(value)}`));
  }
  if (hyperparameters.size > 0) {
    const entries = [...hyperparameters].sort(([a], [b]) => compareNaturally(a, b));
    lines.push(
      '',
      'hyperparameters:',
      ...entries.map(([key, value]) => `  ${displayText(key)}: ${shown(String(value))}`),
    );
  }
  if (trees) lines.push('', ...treeLines(trees, compareNaturally));
  if (graph) lines.push('', ...graphLines(graph));
  if (tensors.length > 0) {
    const sorted = [...tensors].sort((a, b) => compareNaturally(a.name, b.name));
    lines.push('', 'weights:', ...sorted.slice(0, maxTensors).map(tensorLine));
    if (sorted.length > maxTensors) lines.push(`  and ${sorted.length - maxTensors} more`);
  }
  return lines;
}

function tensorLine({ name, dtype, shape, byteLength, sharesStorageWith }: TensorInfo): string {
  const dimensions = shape.map((dimension) => (Number.isNaN(dimension) ? '?' : dimension)).join(', ');
  const shares = sharesStorageWith === undefined ? '' : `, shares ${displayText(sharesStorageWith)}`;
  const bytes = byteLength === undefined ? '' : ` ${byteLength} bytes`;
  return `  ${displayText(name)}: ${displayText(dtype)} [${dimensions}]${bytes}${shares}`;
}

/** Long values are cut, but two different ones must not become the same line. */
function shown(value: string): string {
  if (value.length <= maxValueLength) return displayText(value);
  const digest = createHash('sha256').update(value).digest('hex').slice(0, 12);
  return `${displayText(value.slice(0, maxValueLength))}… (${value.length} characters, sha256 ${digest})`;
}
