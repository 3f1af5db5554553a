import type { ValueChange } from './valueChange.ts';

/** `compatible`: what could be given to a can be given to b, and what comes out can be used as before. */
export type Signature = 'same' | 'compatible' | 'breaking';

export interface GraphDiff {
  readonly signature: Signature;
  /** Those that differ. */
  readonly inputs: readonly GraphValueChange[];
  readonly outputs: readonly GraphValueChange[];
  /** By domain, `ai.onnx` for the standard one; those that differ. */
  readonly opsets: readonly ValueChange[];
  /** How often each operator occurs, the most frequent first. */
  readonly operators: readonly { readonly op: string; readonly a: number; readonly b: number }[];
  readonly nodes: {
    readonly a: number;
    readonly b: number;
    readonly same: number;
    /** In the order of b, each removed one where it was. Cut after 10,000, and then `complete` is false. */
    readonly changes: readonly NodeChange[];
  };
}

export interface GraphValueChange {
  readonly name: string;
  readonly status: 'added' | 'removed' | 'changed';
  /** As in `float32[batch, 3, 224, 224]`. */
  readonly a?: string;
  readonly b?: string;
  readonly breaking: boolean;
}

export interface NodeChange {
  readonly status: 'added' | 'removed' | 'changed';
  readonly a?: NodeSide;
  readonly b?: NodeSide;
  /** How a pair was found. */
  readonly matchedBy?: 'name' | 'outputs' | 'structure';
  readonly attributes: readonly ValueChange[];
  /** The names of inputs or outputs differ. */
  readonly rewired: boolean;
}

export interface NodeSide {
  readonly name: string;
  /** With its domain in front where that is not the standard one. */
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export interface TreesDiff {
  readonly a: TreesSide;
  readonly b: TreesSide;
  /** `content`: by splits, thresholds and values of the leaves; `size`: by leaves and depth only, as more cannot be told. */
  readonly comparedBy: 'content' | 'size';
  /** From 0: the first that differs, or that only one side has. */
  readonly firstDifferent?: number;
  readonly featuresAdded: readonly string[];
  readonly featuresRemoved: readonly string[];
  /** Of the features whose importance differs, the largest change first. */
  readonly importance: readonly ImportanceChange[];
}

export interface TreesSide {
  readonly trees: number;
  readonly leaves: number;
  /** Of the deepest tree. */
  readonly depth: number;
  readonly objective?: string;
  readonly classes?: number;
  readonly features: number;
}

export interface ImportanceChange {
  readonly feature: string;
  /** Absent where the feature splits nothing there. */
  readonly a?: Importance;
  readonly b?: Importance;
}

/** How much a feature splits, and what that gains, as shares of the whole ensemble, 0 to 1. */
export interface Importance {
  readonly splits: number;
  readonly gain?: number;
}
