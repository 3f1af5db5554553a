import type { TensorStatistics } from '../tensors/statistics.ts';

export interface TensorsDiff {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly same: number;
  /** Pairs of which it is not known. */
  readonly unknown: number;
  /** Pairs that have different names, prefixes of all names apart. */
  readonly renamed: number;
  /** What the names of one side begin with and those of the other do not, such as `module.`. */
  readonly prefix?: { readonly a: string; readonly b: string };
  /** In the order of b's bytes, each removed one where it was. */
  readonly entries: readonly TensorEntry[];
  /** By the module that the tensors belong to, in the order of their first tensor. */
  readonly modules: readonly ModuleDiff[];
}

/**
 * `changed`: values, type or shape differ. `same`: they do not; whether the names do is said by `renamed`. `unknown`: the elements could not be
 * compared, `reason` says why.
 */
export type TensorStatus = 'added' | 'removed' | 'changed' | 'same' | 'unknown';

/** One tensor, or a pair of which each is taken for what became of the other. */
export interface TensorEntry {
  readonly status: TensorStatus;
  /** Absent for one that was added. */
  readonly a?: TensorSide;
  /** Absent for one that was removed. */
  readonly b?: TensorSide;
  /** The name without its last part, without the prefix; empty for a name of one part. */
  readonly module: string;
  /** How a pair with different names was found: by equal content, by similar names, or by the prefix of all names. */
  readonly renamed?: 'content' | 'name' | 'prefix';
  readonly reshaped?: true;
  readonly retyped?: true;
  /** Of one type, but what its whole numbers stand for differs: its scales or zero points. */
  readonly requantized?: true;
  /** `b` holds the transpose of `a`, which is what its numbers are compared with. */
  readonly transposed?: true;
  /** Of one that was added or removed: no part of the architecture, but a counter, state of the training, or another name of a tensor. */
  readonly beside?: true;
  /** The stored bytes are equal: a frozen layer. */
  readonly frozen?: true;
  /** Absent where nothing was compared. */
  readonly comparedBy?: 'bytes' | 'numbers';
  /** Why the elements of a pair that is not frozen were not compared as numbers, or in what it differs where these are all equal; a whole sentence. */
  readonly reason?: string;
  /** Where the numbers were compared and are not all the same. */
  readonly difference?: TensorDifference;
}

export interface TensorSide {
  readonly name: string;
  readonly dtype: string;
  /** A dimension that is not known is null. */
  readonly shape: readonly (number | null)[];
  /** Absent where a dimension is not known. */
  readonly elements?: number;
  readonly byteLength?: number;
  readonly sharesStorageWith?: string;
  /** Of whole numbers that stand for others: by which scale and zero point. */
  readonly quantizer?: string;
}

/** Of two tensors with as many elements. Pairs of which one is not finite count in `changed` and in nothing else but their own numbers. */
export interface TensorDifference {
  readonly elements: number;
  /** Elements that differ; two NaN do not. */
  readonly changed: number;
  /** Norm of b - a; absent, like the next two, where it is beyond what a number can say. */
  readonly l2?: number;
  readonly normA?: number;
  readonly normB?: number;
  /** `l2 / normA`; absent where `normA` is 0. */
  readonly relativeL2?: number;
  /** Absent where a norm is 0. */
  readonly cosine?: number;
  /** The largest |b - a|; absent where there are no finite pairs. */
  readonly maxAbsolute?: number;
  /** Where, one index per dimension of b. */
  readonly maxAt?: readonly number[];
  readonly a: NonFinite;
  readonly b: NonFinite;
}

export interface NonFinite {
  readonly nan: number;
  readonly positiveInfinity: number;
  readonly negativeInfinity: number;
}

export interface ModuleDiff {
  readonly module: string;
  readonly tensors: number;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly unknown: number;
  /** Of b, or of a where b has none of it. */
  readonly elements: number;
  /** Over what was compared as numbers: 0 for a frozen module, absent where nothing was or the norm of a is 0. */
  readonly relativeL2?: number;
  readonly frozen: boolean;
}

/** The names of a tensor on both sides: those of one entry. */
export interface TensorPairNames {
  readonly a?: string;
  readonly b?: string;
}

/** One pair of tensors in depth: what each side holds, over the same bins. */
export interface TensorComparison {
  readonly a?: TensorValues;
  readonly b?: TensorValues;
  readonly histogram?: {
    readonly from: number;
    readonly to: number;
    /** Absent for a side that is not there or cannot be read as numbers. */
    readonly a?: readonly number[];
    readonly b?: readonly number[];
  };
  /** Where both were read as numbers and have as many elements. */
  readonly difference?: TensorDifference;
}

export interface TensorValues {
  readonly tensor: TensorSide;
  readonly statistics?: TensorStatistics;
  /** Why it cannot be read as numbers; a whole sentence. */
  readonly obstacle?: string;
}
