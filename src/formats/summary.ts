import type { ParamValue } from '../core/facts.ts';
import type { FormatName } from './formatNames.ts';
import type { Quantizer } from './quantizer.ts';
import type { TensorStorage } from './tensorStorage.ts';

export interface TensorInfo {
  readonly name: string;
  /** As safetensors names it (`F32`, `BF16`, `F8_E4M3`...); a type that safetensors has no name for as its own format writes it (`Q4_K`). */
  readonly dtype: string;
  /** Rows first, as NumPy shows it. */
  readonly shape: readonly number[];
  /** From the start of the file; absent where the elements are not one range of it (compressed, strided, in another file). */
  readonly byteOffset?: number;
  /** Of the elements; absent where even that is not known. */
  readonly byteLength?: number;
  /** The first tensor that lies on the same storage: tied weights. */
  readonly sharesStorageWith?: string;
  /** No parameter: a buffer, the indices of a sparse tensor, or the state of the training. Absent where the file does not tell. */
  readonly notTrained?: true;
  /** Of whole numbers that stand for others. */
  readonly quantizer?: Quantizer;
  /** How to get at the elements where the range does not say it: given for those that are not one range, or not little-endian. */
  readonly storage?: TensorStorage;
}

/** A tensor whose elements are one range of the file. */
export interface RangedTensor extends TensorInfo {
  readonly byteOffset: number;
  readonly byteLength: number;
}

export interface Finding {
  /** `error` where the format's own reader refuses the file. */
  readonly severity: 'warning' | 'error';
  readonly message: string;
  /** Where in the file, in bytes. */
  readonly offset?: number;
}

/** An input or output of a graph. */
export interface GraphValue {
  readonly name: string;
  readonly dtype?: string;
  /** A dimension is a number, the name of one that is free, or null where nothing is said. */
  readonly shape?: readonly (number | string | null)[];
  /** Of whole numbers that stand for others: by which scale and zero point. */
  readonly quantizer?: string;
}

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** Empty for the standard operators. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Small values as text; of a large one its type and size. */
  readonly attributes: ReadonlyMap<string, string>;
}

export interface GraphSummary {
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  /** Those of subgraphs and functions follow those of the main graph, with the names of what holds them in front. */
  readonly nodes: readonly GraphNode[];
  readonly opsets: readonly { readonly domain: string; readonly version: number }[];
}

export interface TreeEnsemble {
  readonly objective?: string;
  readonly features: readonly string[];
  readonly classes?: number;
  readonly trees: readonly {
    readonly leaves: number;
    readonly depth: number;
    /** Of what it decides (splits, thresholds, values of the leaves), the same for the same: where the reader can tell. */
    readonly content?: string;
  }[];
  /** By feature: how often it splits, and what that gained in all, where the format says. */
  readonly importance: ReadonlyMap<string, { readonly splits: number; readonly gain?: number }>;
}

/** What a model file says of itself. Names come from the file, so they are keys of Maps only. */
export interface ModelSummary {
  readonly format: FormatName;
  readonly formatVersion?: string;
  /** What wrote it. */
  readonly producer?: string;
  /** Absent where weights are packed, so that elements are not parameters. */
  readonly parameters?: number;
  readonly metadata: ReadonlyMap<string, string>;
  /** Nested ones as `step__param`, as scikit-learn writes them. */
  readonly hyperparameters: ReadonlyMap<string, ParamValue>;
  /** In the order of their bytes. */
  readonly tensors: readonly TensorInfo[];
  readonly graph?: GraphSummary;
  readonly trees?: TreeEnsemble;
  /** Where an ONNX model says that weights of it are: paths from its folder, as it has them, be they good or not. */
  readonly externalData?: readonly string[];
  readonly findings: readonly Finding[];
  /** False when something could not be read: what is missing here may be in the file all the same. */
  readonly complete: boolean;
}
