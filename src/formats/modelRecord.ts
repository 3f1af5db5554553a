import type { ParamValue } from '../core/facts.ts';
import type { FormatName } from './formatNames.ts';
import { quantizerText } from './quantizerText.ts';
import type { Finding, GraphNode, ModelSummary } from './summary.ts';

/** Raised whenever something is renamed or removed, or means something else; docs/inspect.md says what each version holds. */
const recordSchemaVersion = 1;

/**
 * A summary as plain JSON. Names come from the file: an object with names as keys is to be read by its own entries only.
 * A number that JSON cannot write is the text `NaN`, `Infinity` or `-Infinity`.
 */
export interface ModelRecord {
  readonly schemaVersion: typeof recordSchemaVersion;
  /** As it was asked for. */
  readonly path: string;
  readonly format: FormatName;
  readonly formatVersion?: string;
  readonly producer?: string;
  /** In bytes. */
  readonly size: number;
  readonly parameters?: number;
  readonly tensors: readonly TensorRecord[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly hyperparameters: Readonly<Record<string, ParamValue>>;
  readonly graph?: GraphRecord;
  readonly trees?: TreesRecord;
  readonly findings: readonly Finding[];
  /** False whenever something was not read. */
  readonly complete: boolean;
}

export interface TensorRecord {
  readonly name: string;
  readonly dtype: string;
  /** A dimension that is not known is null. */
  readonly shape: readonly (number | null)[];
  readonly byteOffset?: number;
  readonly byteLength?: number;
  readonly sharesStorageWith?: string;
  /** Of whole numbers that stand for others: by which scale and zero point. */
  readonly quantizer?: string;
}

export interface GraphRecord {
  readonly inputs: readonly GraphValueRecord[];
  readonly outputs: readonly GraphValueRecord[];
  readonly nodes: readonly NodeRecord[];
  readonly opsets: readonly { readonly domain: string; readonly version: number }[];
}

export interface NodeRecord {
  readonly name: string;
  readonly op: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
}

export interface GraphValueRecord {
  readonly name: string;
  readonly dtype?: string;
  readonly shape?: readonly (number | string | null)[];
  readonly quantizer?: string;
}

export interface TreesRecord {
  readonly objective?: string;
  readonly features: readonly string[];
  readonly classes?: number;
  readonly trees: readonly { readonly leaves: number; readonly depth: number }[];
  readonly importance: Readonly<Record<string, FeatureImportance>>;
}

export interface FeatureImportance {
  /** How often it splits. */
  readonly splits: number;
  /** What that gained in all, where the format says. */
  readonly gain?: number;
}

/** @param file what the summary does not say: the path that was asked for, and the size in bytes */
export function modelRecord(
  summary: ModelSummary,
  file: { readonly path: string; readonly size: number },
): ModelRecord {
  const { format, formatVersion, producer, parameters, graph, trees, findings, complete } = summary;
  return {
    schemaVersion: recordSchemaVersion,
    path: file.path,
    format,
    formatVersion,
    producer,
    size: file.size,
    parameters,
    tensors: summary.tensors.map(
      ({ name, dtype, shape, byteOffset, byteLength, sharesStorageWith, quantizer }): TensorRecord => ({
        name,
        dtype,
        shape: shape.map((dimension) => (Number.isNaN(dimension) ? null : dimension)),
        byteOffset,
        byteLength,
        sharesStorageWith,
        quantizer: quantizer && quantizerText(quantizer),
      }),
    ),
    metadata: Object.fromEntries(summary.metadata),
    hyperparameters: Object.fromEntries(
      [...summary.hyperparameters].map(([name, value]) => [name, writable(value)]),
    ),
    graph: graph && {
      ...graph,
      nodes: graph.nodes.map(nodeRecord),
    },
    trees: trees && {
      ...trees,
      trees: trees.trees.map(({ leaves, depth }) => ({ leaves, depth })),
      importance: Object.fromEntries([...trees.importance].map(importanceRecord)),
    },
    findings,
    complete,
  };
}

function nodeRecord({ name, op, domain, inputs, outputs, attributes }: GraphNode): NodeRecord {
  return { name, op, domain, inputs, outputs, attributes: Object.fromEntries(attributes) };
}

function importanceRecord([name, { splits, gain }]: [string, FeatureImportance]): [
  string,
  FeatureImportance,
] {
  return [name, { splits, gain: Number.isFinite(gain) ? gain : undefined }];
}

function writable(value: ParamValue): ParamValue {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
