import { createHash } from 'node:crypto';
import type { ParamValue } from '../core/facts.ts';
import { compareNaturally } from '../core/naturalOrder.ts';
import { displayText } from './displayText.ts';
import { graphLines, treeLines } from './manifestSections.ts';
import { quantizerText } from './quantizerText.ts';
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
    ...(summary ? summaryLines(summary) : []),
    ...(facts.textPreview === undefined ? [] : textLines(facts.textPreview)),
  ];
  return `${lines.join('\n')}\n`;
}

function textLines(text: string): string[] {
  return ['', 'text:', ...text.split(/\r?\n/).map((line) => `  ${displayText(line)}`)];
}

function* summaryLines(summary: ModelSummary): Generator<string> {
  const { producer, metadata, hyperparameters, tensors, graph, trees, findings, complete, parameters } =
    summary;
  if (producer !== undefined) yield `producer: ${displayText(producer)}`;
  if (parameters !== undefined) yield `parameters: ${parameters}`;
  if (tensors.length > 0 || !trees) yield `tensors: ${tensors.length}`;
  if (!complete) yield 'complete: no';
  if (findings.length > 0) {
    yield* ['', 'findings:', ...findings.map(({ severity, message }) => `  ${severity}: ${message}`)];
  }
  if (metadata.size > 0) yield* ['', 'metadata:', ...valueLines(metadata)];
  if (hyperparameters.size > 0) yield* ['', 'hyperparameters:', ...valueLines(hyperparameters)];
  if (trees) yield* ['', ...treeLines(trees, compareNaturally)];
  if (graph) yield* ['', ...graphLines(graph)];
  if (tensors.length > 0) {
    const sorted = [...tensors].sort((a, b) => compareNaturally(a.name, b.name));
    yield* ['', 'weights:', ...sorted.slice(0, maxTensors).map(tensorLine)];
    if (sorted.length > maxTensors) yield `  and ${sorted.length - maxTensors} more`;
  }
}

function valueLines(values: ReadonlyMap<string, ParamValue>): string[] {
  const entries = [...values].sort(([a], [b]) => compareNaturally(a, b));
  return entries.map(([key, value]) => `  ${displayText(key)}: ${shown(String(value))}`);
}

function tensorLine(tensor: TensorInfo): string {
  const { name, dtype, shape, byteLength, sharesStorageWith, quantizer } = tensor;
  const dimensions = shape.map((dimension) => (Number.isNaN(dimension) ? '?' : dimension)).join(', ');
  const shares = sharesStorageWith === undefined ? '' : `, shares ${displayText(sharesStorageWith)}`;
  const stands = quantizer ? `, ${quantizerText(quantizer)}` : '';
  const bytes = byteLength === undefined ? '' : ` ${byteLength} bytes`;
  return `  ${displayText(name)}: ${displayText(dtype)} [${dimensions}]${bytes}${stands}${shares}`;
}

/** Long values are cut, but two different ones must not become the same line. */
function shown(value: string): string {
  if (value.length <= maxValueLength) return displayText(value);
  const digest = createHash('sha256').update(value).digest('hex').slice(0, 12);
  return `${displayText(value.slice(0, maxValueLength))}… (${value.length} characters, sha256 ${digest})`;
}
