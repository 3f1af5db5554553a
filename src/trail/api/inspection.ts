import type { ContentId } from '../../core/facts.ts';
import type { ModelRecord } from '../../formats/modelRecord.ts';
import type { Histogram } from '../../tensors/histogram.ts';
import type { TensorStatistics } from '../../tensors/statistics.ts';

// What is inside a model.

/** What is inside a version or the working copy. */
export interface Inspection {
  readonly record: ModelRecord;
  /** The format as people call it. */
  readonly formatLabel: string;
  /** Absent for a working copy of which nobody knows yet what it is: it is not read whole for this. */
  readonly id?: ContentId;
  /** In bytes. */
  readonly size: number;
}

export interface TensorDetail {
  readonly tensor: string;
  /** Why there are no numbers, in a sentence. */
  readonly obstacle?: string;
  readonly statistics?: TensorStatistics;
  /** Absent where no element is finite. */
  readonly histogram?: Histogram;
}

/** A model with what its elements come to. */
export interface FullInspection extends Inspection {
  /** In the order of the tensors of the record. */
  readonly statistics: readonly Omit<TensorDetail, 'histogram'>[];
}

export interface SliceRequest {
  /** The index in every dimension but the last two; zeros if not given. */
  readonly plane?: readonly number[];
  /** The most that can be shown. */
  readonly rows: number;
  readonly columns: number;
  /** What stands for the elements that share a cell: their mean, or the one that is farthest from zero. */
  readonly reduce: 'mean' | 'extreme';
}

/** The last two dimensions of a tensor, as cells. A tensor of one dimension is one row. */
export interface TensorSlice {
  readonly tensor: string;
  readonly obstacle?: string;
  /** The dimensions before the last two. */
  readonly planes: readonly number[];
  /** Of the plane, in elements. */
  readonly height: number;
  readonly width: number;
  /** In cells; each is `height / rows` by `width / columns` elements, rounded to whole ones. */
  readonly rows: number;
  readonly columns: number;
  /** Row by row. A cell without a finite element is NaN. */
  readonly values: Float32Array;
}
