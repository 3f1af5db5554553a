import type { ValueChange } from './valueChange.ts';
import type { GraphDiff, Signature, TreesDiff } from './structureDiff.ts';
import type { TensorsDiff } from './tensorsDiff.ts';

/** Raised when something in the document changes its meaning; what is only added leaves it. */
export const modelDiffVersion = 1;

/**
 * What changed from model `a` to model `b`. Plain JSON: it goes over the RPC, and is what `modeltrail diff --json` prints (docs/diff.md). Every
 * number is finite; what is not known is absent. Names come from the files: keys of Maps only, and shown with care.
 */
export interface ModelDiff {
  readonly schemaVersion: typeof modelDiffVersion;
  readonly a: DiffSide;
  readonly b: DiffSide;
  /** The same bytes: then nothing else is said. */
  readonly identical: boolean;
  readonly verdict: Verdict;
  readonly tensors: TensorsDiff;
  /** Where both have a graph. */
  readonly graph?: GraphDiff;
  /** Where both are tree ensembles. */
  readonly trees?: TreesDiff;
  /** Those that differ; as in the next three, in the order of their names. */
  readonly hyperparameters: readonly ValueChange[];
  readonly metadata: readonly ValueChange[];
  /** Of the files with settings of a model folder (config.json, tokenizer...): those that differ. */
  readonly files: readonly FileDiff[];
  /** False when something could not be read or compared: then what is not listed may differ all the same. */
  readonly complete: boolean;
  /** What could not be compared and why, in whole sentences. */
  readonly notes: readonly string[];
}

export interface DiffSide {
  /** The model's path or file name. */
  readonly name: string;
  /** As the reader calls it, such as `safetensors`. */
  readonly format: string;
  /** As people call it. */
  readonly formatLabel: string;
  readonly formatVersion?: string;
  readonly producer?: string;
  /** In bytes. */
  readonly size: number;
  /** SHA-256 of the content, where it is known. */
  readonly id?: string;
  readonly parameters?: number;
  /** Their number. */
  readonly tensors: number;
  readonly complete: boolean;
}

/** The whole in one sentence, and what it is made of. */
export interface Verdict {
  /** One sentence. */
  readonly text: string;
  /** The same tensors with the same shapes and, where there is one, the same graph or the same number of trees. */
  readonly architecture: 'same' | 'different' | 'unknown';
  /** Tensors of both sides together, a pair counting once. */
  readonly tensors: number;
  /** Those whose values, type or shape differ, that were added, or that were removed. */
  readonly changedTensors: number;
  /**
   * Elements that changed as a share of all, 0 to 1; absent where there are none. Of tensors that were added, removed or resized, or changed
   * and could not be compared as numbers, all count.
   */
  readonly changedShare?: number;
  /** Of all tensors that were compared as numbers, together: the norm of b - a by that of a. */
  readonly relativeL2?: number;
  /** Of the inputs and outputs, where both have a graph. */
  readonly signature?: Signature;
  readonly changedHyperparameters: number;
  readonly alarms: readonly Alarm[];
}

export type AlarmKind =
  | 'nanAppeared'
  | 'infinityAppeared'
  | 'dtypeNarrowed'
  | 'weightsUntied'
  | 'importAdded'
  | 'signatureBroken'
  | 'findingAppeared';

/** Something that hardly anybody means to happen. */
export interface Alarm {
  readonly kind: AlarmKind;
  /** A whole sentence. */
  readonly message: string;
  /** What it is about, such as the names of tensors in b; the first hundred. */
  readonly subjects: readonly string[];
}

export interface FileDiff {
  /** Relative to the model folder. */
  readonly path: string;
  readonly status: 'added' | 'removed' | 'changed';
  /** Where both are JSON or YAML; nested ones as `a.b.c`. */
  readonly changes: readonly ValueChange[];
}
