/** What one number each says of the elements of a tensor, with those that are no finite numbers left out of all but the counts. */
export interface TensorStatistics {
  readonly count: number;
  readonly nan: number;
  readonly positiveInfinity: number;
  readonly negativeInfinity: number;
  readonly zeros: number;
  /** These are over the finite elements, and absent where there is none. */
  readonly min?: number;
  readonly max?: number;
  readonly mean?: number;
  /** Of the population. */
  readonly standardDeviation?: number;
  /** The square root of the sum of the squares. Absent where that is beyond what a number can say, as is the deviation. */
  readonly norm?: number;
}

/** How many elements lie in each of as many equal parts of `from`..`to`; the last part includes its end. */
export interface Histogram {
  readonly from: number;
  readonly to: number;
  readonly counts: readonly number[];
}
